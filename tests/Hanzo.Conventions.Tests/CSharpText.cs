namespace Hanzo.Conventions.Tests;

/// <summary>
/// C# text with parts blanked out, every character still at its place. Not a parser: it tells comments and strings from
/// code, which is all the rules ask. Its limit: inside an interpolated string, code between braces counts as string.
/// </summary>
/// <param name="Code">Comments and strings are blank.</param>
/// <param name="CodeAndComments">Strings are blank.</param>
/// <param name="CodeAndStrings">Comments are blank.</param>
internal sealed record CSharpText(string Code, string CodeAndComments, string CodeAndStrings)
{
    public static CSharpText Of(string text)
    {
        var code = text.ToCharArray();
        var noStrings = text.ToCharArray();
        var noComments = text.ToCharArray();
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            var comment = CommentLength(rest);
            var literal = comment == 0 ? LiteralLength(rest) : 0;
            Blank(code, at, comment + literal);
            Blank(noComments, at, comment);
            Blank(noStrings, at, literal);
            at += Math.Max(1, comment + literal);
        }

        return new(new(code), new(noStrings), new(noComments));
    }

    private static int CommentLength(ReadOnlySpan<char> rest)
    {
        if (rest.StartsWith("//"))
            return EndOf(rest, rest.IndexOf('\n'), 0);
        if (rest.StartsWith("/*"))
            return 2 + EndOf(rest[2..], rest[2..].IndexOf("*/"), 2);
        return 0;
    }

    private static int LiteralLength(ReadOnlySpan<char> rest)
    {
        if (rest[0] == '\'')
            return QuotedLength(rest, '\'', escape: '\\');
        var prefix = rest.IndexOfAnyExcept('$', '@');
        if (prefix < 0 || rest[prefix] != '"')
            return 0;
        var body = rest[prefix..];
        var quotes = body.IndexOfAnyExcept('"') is var run and >= 0 ? run : body.Length;
        if (quotes >= 3)
            return prefix + quotes + EndOf(body[quotes..], body[quotes..].IndexOf(body[..quotes]), quotes);
        return prefix + QuotedLength(body, '"', rest[..prefix].Contains('@') ? '"' : '\\');
    }

    private static int QuotedLength(ReadOnlySpan<char> body, char quote, char escape)
    {
        for (var at = 1; at < body.Length; at++)
        {
            var doubled = escape != quote || (at + 1 < body.Length && body[at + 1] == quote);
            if (body[at] == escape && doubled)
                at++;
            else if (body[at] == quote)
                return at + 1;
            else if (body[at] == '\n' && escape != quote)
                return at;
        }

        return body.Length;
    }

    private static int EndOf(ReadOnlySpan<char> rest, int found, int length) => found < 0 ? rest.Length : found + length;

    private static void Blank(char[] text, int at, int length)
    {
        foreach (ref var character in text.AsSpan(at, length))
        {
            if (character != '\n')
                character = ' ';
        }
    }
}
