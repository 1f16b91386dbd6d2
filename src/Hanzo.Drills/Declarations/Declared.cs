using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Declarations;

/// <summary>What a file declares, or why it cannot be read. Strict: what is not understood is an error, never skipped.</summary>
internal sealed record Declared<T>(T? Value, IReadOnlyList<string> Problems)
    where T : class
{
    /// <summary>Reads one YAML document.</summary>
    /// <param name="file">What messages call it.</param>
    /// <param name="read">Makes the value, and tells every problem it meets.</param>
    public static Declared<T> From(string text, string file, Func<Item, T> read)
    {
        var problems = new Problems(file);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count != 1)
                problems.Add(1, 1, "one YAML document is expected");
            else
            {
                var value = read(new Item(stream.Documents[0].RootNode, "", problems));
                if (!problems.Any)
                    return new Declared<T>(value, []);
            }
        }
        catch (YamlException broken)
        {
            problems.Add((int)broken.Start.Line, (int)broken.Start.Column, $"not YAML: {broken.Message}");
        }
        return new Declared<T>(null, problems.Lines);
    }

    /// <summary>Reads a file.</summary>
    public static Declared<T> FromFile(string path, Func<Item, T> read) =>
        File.Exists(path) ? From(File.ReadAllText(path), path, read) : new Declared<T>(null, [$"{path}: there is no such file"]);
}
