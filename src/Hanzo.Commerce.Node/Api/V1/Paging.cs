using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>Which page of a list is asked for.</summary>
/// <param name="After">The last name of the page before, or null for the first page.</param>
internal readonly record struct Paging(string? After, int Limit)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;
    private const int MaxName = 96;

    public static (Paging Paging, Problem? Problem) Read(IQueryCollection query)
    {
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var limits)
            && (limits is not [{ } text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            return (default, Wrong("invalid_limit", $"limit is a whole number from 1 to {MaxLimit}, given once."));
        if (!query.TryGetValue("cursor", out var cursors))
            return (new Paging(null, limit), null);
        return cursors is [{ } cursor] && NameIn(cursor) is { } after
            ? (new Paging(after, limit), null)
            : (default, Wrong("invalid_cursor", "cursor is next_cursor of the page before, given once."));
    }

    public static string CursorAfter(string name) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(name));

    private static string? NameIn(string cursor)
    {
        Span<byte> bytes = stackalloc byte[MaxName];
        return Base64Url.IsValid(cursor, out var length) && length is > 0 and <= MaxName && Base64Url.TryDecodeFromChars(cursor, bytes, out var written)
            && Encoding.ASCII.GetString(bytes[..written]) is var name && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
                ? name
                : null;
    }

    private static Problem Wrong(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);
}
