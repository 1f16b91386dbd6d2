using System.Collections.Immutable;
using Hanzo.Drills.Declarations;
using Hanzo.Drills.Runs;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Cli;

/// <summary>The drills that a name means.</summary>
internal static class DrillShelf
{
    /// <summary>Canary drills must fail, so nobody runs them among others.</summary>
    private const string CanaryPrefix = "canary-";

    /// <param name="name">A file, the name of a shipped drill, <c>all</c> of them or the <c>quick</c> ones.</param>
    /// <param name="published">Where the programs and their configuration are; null in a source tree.</param>
    public static (ImmutableArray<DrillFile> Drills, IReadOnlyList<string> Problems) Find(string name, string? world, string? published)
    {
        var root = published ?? SourceTree.FindRoot(Environment.CurrentDirectory, AppContext.BaseDirectory) ?? Environment.CurrentDirectory;
        var directory = Path.Combine(root, "config", "drills");
        if (name is "all" or "quick")
        {
            if (!Directory.Exists(directory))
                return ([], [$"{directory}: there is no such directory"]);
            var all = Directory.GetFiles(directory, "*.yaml").Order(StringComparer.Ordinal)
                .Where(file => !Path.GetFileName(file).StartsWith(CanaryPrefix, StringComparison.Ordinal))
                .Select(file => DrillFile.Read(file, world)).ToList();
            return ([.. all.Select(drill => drill.Value).OfType<DrillFile>().Where(drill => name == "all" || drill.Quick)], [.. all.SelectMany(drill => drill.Problems)]);
        }
        var path = File.Exists(name) ? name : Path.Combine(directory, $"{name}.yaml");
        Declared<DrillFile> one = DrillFile.Read(path, world);
        return (one.Value is { } drill ? [drill] : [], one.Problems);
    }
}
