using System.Text.RegularExpressions;

namespace Hanzo.Conventions.Tests.Documents;

/// <summary>What the rules read in a Markdown file: prose, inline code, fenced commands, headings.</summary>
internal static partial class Markdown
{
    private static readonly string[] ShellLanguages = ["sh", "bash", "shell", "console"];

    public static IEnumerable<TextFile> Documents(Tree tree) =>
        tree.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal));

    /// <summary>Documents that speak of the product as it is; decisions and the change log also speak of what was and what was not chosen.</summary>
    public static IEnumerable<TextFile> Current(Tree tree) =>
        Documents(tree).Where(file => !file.Path.StartsWith("docs/adr/", StringComparison.Ordinal) && file.Name != "CHANGELOG.md");

    /// <summary>Lines outside fences, with their numbers.</summary>
    public static IEnumerable<(string Text, int Line)> Prose(TextFile file) =>
        Fenced(file).Where(line => line.Language is null).Select(line => (line.Text, line.Line));

    /// <summary>Inline code spans, with their lines.</summary>
    public static IEnumerable<(string Text, int Line)> InlineCode(TextFile file) =>
        from line in Prose(file)
        from hit in CodeSpan().Matches(line.Text)
        select (hit.Groups[1].Value, line.Line);

    /// <summary>Commands in shell fences, a continued one joined to one line; in a console fence those after the prompt.</summary>
    public static IEnumerable<(string Text, int Line)> Commands(TextFile file)
    {
        var open = "";
        foreach (var (text, language, line) in Fenced(file).Where(line => ShellLanguages.Contains(line.Language)))
        {
            var prompt = text.StartsWith("$ ", StringComparison.Ordinal);
            if (language == "console" && !prompt && open.Length == 0)
                continue;
            open += prompt ? text[2..] : text;
            if (open.EndsWith('\\'))
            {
                open = open[..^1];
                continue;
            }

            yield return (open, line);
            open = "";
        }
    }

    /// <summary>The names headings can be linked by.</summary>
    public static IEnumerable<string> Anchors(TextFile file) =>
        from line in Prose(file)
        where line.Text.StartsWith('#')
        select NotInAnchor().Replace(line.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static IEnumerable<(string Text, string? Language, int Line)> Fenced(TextFile file)
    {
        string? language = null;
        foreach (var (index, text) in file.Lines.Index())
        {
            var fence = text.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (!fence)
                yield return (text, language, index + 1);
            else
                language = language is null ? text.TrimStart()[3..].Trim() : null;
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
