using System.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// What a request's Connection field names, whole. RFC 9110 §7.6.1 has an intermediary take away every field named there,
/// but Kestrel puts a constant in the place of a field that holds one option it knows: of <c>keep-alive, X-Mine</c> only
/// <c>keep-alive</c> is left. The bytes are seen once, by the encoding that Kestrel reads them with, so this is that
/// encoding; what it saw rides the execution context, which Kestrel sets back before the next request of the connection.
/// </summary>
internal sealed class ConnectionField : Encoding
{
    private static readonly ConnectionField Instance = new();
    private static readonly AsyncLocal<string?> Seen = new();
    private readonly UTF8Encoding text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The encoding of a field: this one for Connection, Kestrel's own (null) for all others.</summary>
    public static Encoding? EncodingOf(string field) => field.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase) ? Instance : null;

    /// <summary>The Connection field of <paramref name="request"/>; in another order than it came, maybe, and with options twice.</summary>
    public static StringValues Of(HttpRequest request)
    {
        var kept = request.Headers.Connection;
        return kept.Count != 0 && Seen.Value is { } seen ? StringValues.Concat(kept, seen) : kept;
    }

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var length = text.GetChars(bytes, byteIndex, byteCount, chars, charIndex);
        var value = new string(chars, charIndex, length);
        if (HeaderRules.Nominates(value)) Seen.Value = Seen.Value is { } before ? $"{before}, {value}" : value;
        return length;
    }

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => text.GetCharCount(bytes, index, count);

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => text.GetByteCount(chars, index, count);

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => text.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => text.GetMaxByteCount(charCount);

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => text.GetMaxCharCount(byteCount);
}
