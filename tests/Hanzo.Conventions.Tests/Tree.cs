using System.Collections.Frozen;

namespace Hanzo.Conventions.Tests;

/// <summary>
/// The repository as values: every file's path from the root, with '/' between folders, and its text (empty where it is
/// binary). A rule reads a tree and nothing else, so a red example is a tree of two lines.
/// </summary>
internal sealed class Tree
{
    private static readonly string[] BinaryEndings = [".mmdb", ".png", ".gz", ".pfx", ".bin", ".dat"];
    private static readonly Lazy<Tree> Read = new(ReadRepository);

    private readonly FrozenDictionary<string, TextFile> _files;
    private readonly FrozenSet<string> _folders;

    private Tree(IEnumerable<TextFile> files)
    {
        Files = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        _files = Files.ToFrozenDictionary(file => file.Path);
        _folders = Files.SelectMany(file => Parents(file.Path)).ToFrozenSet();
    }

    /// <summary>This repository, read once.</summary>
    public static Tree Repository => Read.Value;

    /// <summary>All files in order of their paths.</summary>
    public IReadOnlyList<TextFile> Files { get; }

    public static Tree Of(params (string Path, string Text)[] files) =>
        new(files.Select(file => new TextFile(file.Path, file.Text)));

    /// <summary>Whether a file or folder of that path exists.</summary>
    public bool Has(string path) => _files.ContainsKey(path) || _folders.Contains(path);

    public TextFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>The C# files of these top folders, all of src, tests and bench when none is named.</summary>
    public IEnumerable<TextFile> CSharp(params string[] folders) =>
        from file in Files
        where file.Path.EndsWith(".cs", StringComparison.Ordinal)
        where (folders is [] ? ["src", "tests", "bench"] : folders).Contains(file.Path.Split('/')[0])
        select file;

    private static Tree ReadRepository()
    {
        var root = Root();
        var ignored = File.ReadLines(Path.Combine(root, ".gitignore"))
            .Where(line => line.EndsWith('/'))
            .Select(line => line.TrimEnd('/'))
            .Append(".git")
            .ToFrozenSet();
        return new(Under(root, ignored).Select(path => new TextFile(
            Path.GetRelativePath(root, path).Replace('\\', '/'),
            BinaryEndings.Any(path.EndsWith) ? "" : File.ReadAllText(path))));
    }

    private static IEnumerable<string> Under(string folder, FrozenSet<string> ignored) =>
        Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != ".git")
            .Concat(Directory.EnumerateDirectories(folder)
                .Where(child => !ignored.Contains(Path.GetFileName(child)))
                .SelectMany(child => Under(child, ignored)));

    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Hanzo.Edge.sln")))
                return folder;
        }

        throw new InvalidOperationException($"No Hanzo.Edge.sln above {AppContext.BaseDirectory}");
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            yield return path[..end];
    }
}
