using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Configuration.Yaml;

/// <summary>Says in plain words what the parser could not read. It stops at the first such place, so there is one a file.</summary>
internal static class SyntaxMistake
{
    /// <summary>Adds the problem that the parser's <paramref name="message"/> stands for.</summary>
    public static void Tell(string text, Position at, string message, ProblemList problems)
    {
        var (line, before) = (LineAt(text, at.Line), LineAt(text, at.Line - 1));
        if (LacksColon(before) && message.Contains("mapping", StringComparison.OrdinalIgnoreCase))
        {
            problems.Error(new Position(at.Line - 1, before.Length - before.TrimStart().Length + 1), $"not YAML: '{Short(before.Trim())}' has no colon", "write `key: value`, or `key:` with its values below");
            return;
        }
        var (wrong, fix) = Explain(message, line.Trim(), HasOpenBracket(line) || HasOpenBracket(before));
        problems.Error(at, $"not YAML: {wrong}", fix);
    }

    private static bool LacksColon(string line)
        => line.AsSpan().Trim() is { Length: > 0 } content && !content.Contains(':') && content[0] is not ('#' or '-' or '[' or '{' or ']' or '}' or '"');

    private static (string Wrong, string Fix) Explain(string message, string line, bool open)
    {
        return message switch
        {
            _ when line.Contains("${", StringComparison.Ordinal) && line.AsSpan().IndexOfAny("[{") < line.IndexOf("${", StringComparison.Ordinal)
                => ("a value with ${...} inside [ ] or { } ends too early", "put the value in double quotes"),
            _ when Says("could not find expected ':'") || (!line.Contains(':') && Says("simple key"))
                => ($"'{Short(line)}' has no colon", "write `key: value`"),
            _ when Says("mapping values are not allowed") || Says("invalid mapping")
                => ("a second `key:` begins where a value was expected", "line it up with the keys it belongs to, or put the value in double quotes when the colon is part of it"),
            _ when Says("did not find expected <document start>") || Says("did not find expected '<document start>'")
                => ("what follows does not belong to what stands before", "begin every top-level key at the start of its line"),
            _ when Says("did not find expected key") || Says("block mapping") || Says("expected <block end>")
                => ("this line does not line up with the keys above it", "indent it like its neighbours, two spaces a level"),
            _ when Says("flow sequence") || Says("flow mapping") || (Says(GuardedParser.NoWords) && open) || Says("expected ',' or")
                => ("a list in [ ] or keys in { } are not closed, or lack a comma", "close what is open on this line or the one before, and put commas between values"),
            _ when Says("quoted scalar") || Says("end of stream")
                => ("a quoted value is not closed", "put the closing quote at the end of the value"),
            _ when Says("block sequence")
                => ("a list item does not line up with the list", "begin every '-' of one list in the same column"),
            _ when Says("cannot start any token")
                => ($"'{Short(line)}' holds a value that begins with a character YAML keeps for itself", "put the value in double quotes"),
            _ => (char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.'), "look at this line and the one before"),
        };

        bool Says(string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    private static bool HasOpenBracket(string line) => line.Count(c => c is '[' or '{') > line.Count(c => c is ']' or '}');

    private static string LineAt(string text, int line)
        => line < 1 ? "" : text.Split('\n').Skip(line - 1).FirstOrDefault("");

    private static string Short(string line) => line.Length > 40 ? line[..40] + "..." : line;
}
