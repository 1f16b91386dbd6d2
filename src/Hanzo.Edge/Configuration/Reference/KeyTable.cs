using System.Text;
using Hanzo.Edge.Configuration.Sections;
using Hanzo.Edge.Configuration.Shapes;

namespace Hanzo.Edge.Configuration.Reference;

/// <summary>Every key of the file with where it stands, taken from the declarations that also read it.</summary>
internal static class KeyTable
{
    private static readonly Lazy<IReadOnlyList<(string Section, Key Key)>> Keys = new(() => [.. Walk("", FileSection.Shape)]);

    /// <summary>The sections in which a key called <paramref name="name"/> may stand.</summary>
    public static IReadOnlyList<string> HomesOf(string name)
        => [.. Keys.Value.Where(entry => entry.Key.Name == name).Select(entry => entry.Section.Length == 0 ? "the top of the file" : entry.Section).Distinct().Take(3)];

    /// <summary>The reference as Markdown: a table for each top-level key.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        foreach (var top in Keys.Value.Where(entry => entry.Section.Length == 0).Select(entry => entry.Key))
        {
            text.Append($"### {top.Name}\n\n{top.Says} {(top.Required ? "Required." : "May be left out.")}\n\n");
            var below = Keys.Value.Where(entry => IsBelow(entry.Section, top.Name)).ToList();
            if (below.Count == 0)
                text.Append($"Value: {top.Shape.Phrase}.\n\n");
            else
                AppendTable(text, below);
        }
        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, List<(string Section, Key Key)> keys)
    {
        text.Append("| key | value | default | what it does |\n| --- | --- | --- | --- |\n");
        foreach (var (section, key) in keys)
            text.Append($"| `{section}.{key.Name}` | {Cell(key.Shape.Phrase)} | {DefaultOf(key)} | {Cell(key.Says)} |\n");
        text.Append('\n');
    }

    private static string DefaultOf(Key key) => key.Required ? "required" : key.Shape.Below is { Between: "" } ? "" : key.Default is { } standard ? $"`{standard}`" : "none";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static bool IsBelow(string section, string top)
        => section == top || section.StartsWith(top + ".", StringComparison.Ordinal) || section.StartsWith(top + "[", StringComparison.Ordinal);

    private static IEnumerable<(string Section, Key Key)> Walk(string path, Shape shape)
    {
        if (shape.Below is not { } below)
            yield break;
        var section = path + below.Between;
        foreach (var key in below.Section.Keys)
        {
            yield return (section, key);
            foreach (var deeper in Walk(section.Length == 0 ? key.Name : $"{section}.{key.Name}", key.Shape))
                yield return deeper;
        }
    }
}
