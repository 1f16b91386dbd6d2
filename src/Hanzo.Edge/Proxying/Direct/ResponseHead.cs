using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>What the bytes of a response head turned out to be.</summary>
internal enum HeadVerdict
{
    /// <summary>The head has not ended yet.</summary>
    Incomplete,

    /// <summary>A whole head was read.</summary>
    Whole,

    /// <summary>It is none that may be passed on.</summary>
    Broken,
}

/// <summary>
/// The head of an HTTP/1.1 response (RFC 9112 §2 to §6), read strictly: lines end with CRLF, names are tokens that stand before
/// their colon, nothing is folded, no control character is in a value, and lengths do not contradict each other. What a
/// lenient reader would guess at is where two readers can be made to disagree. An endpoint repeats most lines of its last
/// response to the letter: their strings are kept and used again.
/// </summary>
internal sealed class ResponseHead
{
    /// <summary>Fields of one head at most.</summary>
    public const int MaxFields = 200;

    // Lines kept, and their length: what a connection may hold while it is idle.
    private const int MaxKept = 32;
    private const int MaxKeptLength = 256;

    // A whole head that came before, of this length at most, is not read again.
    private const int MaxLast = 512;

    private readonly byte[] last = new byte[MaxLast];
    private readonly List<FieldLine> fields = [];
    private readonly List<FieldLine?> kept = [];
    private int lastLength;

    /// <summary>Counts the heads that were another one than before.</summary>
    public int Version { get; private set; }

    /// <summary>The status.</summary>
    public int Status { get; private set; }

    /// <summary>The minor version of HTTP/1.</summary>
    public int Minor { get; private set; }

    /// <summary>The reason phrase.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>The fields in their order.</summary>
    public ReadOnlySpan<FieldLine> Fields => CollectionsMarshal.AsSpan(fields);

    /// <summary>Content-Length, or -1.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the content comes in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>Whether the connection may carry another request once the content has ended by itself.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>The Connection field, or null.</summary>
    public string? Connection { get; private set; }

    /// <summary>Reads the head that <paramref name="bytes"/> begin with.</summary>
    /// <param name="bytes">What was received.</param>
    /// <param name="consumed">The length of the head where it is whole.</param>
    public HeadVerdict Read(ReadOnlySpan<byte> bytes, out int consumed)
    {
        // What was read last came again to the letter, as it does all the time within a second: so all of it still holds.
        if (lastLength > 0 && bytes.StartsWith(last.AsSpan(0, lastLength)))
        {
            consumed = lastLength;
            return HeadVerdict.Whole;
        }
        var end = bytes.IndexOf("\r\n\r\n"u8);
        consumed = end + 4;
        if (end < 0) return "HTTP/1."u8.StartsWith(bytes[..Math.Min(bytes.Length, 7)]) ? HeadVerdict.Incomplete : HeadVerdict.Broken;
        lastLength = 0;
        Version++;
        if (!ReadWhole(bytes[..(end + 2)])) return HeadVerdict.Broken;
        if (consumed > MaxLast) return HeadVerdict.Whole;
        bytes[..consumed].CopyTo(last);
        lastLength = consumed;
        return HeadVerdict.Whole;
    }

    private bool ReadWhole(ReadOnlySpan<byte> head)
    {
        fields.Clear();
        (Length, IsChunked, Connection) = (-1, false, null);
        var end = head.IndexOf("\r\n"u8);
        if (!ReadStatus(head[..end])) return false;
        KeepsAlive = Minor == 1;
        for (head = head[(end + 2)..]; head.Length > 0;)
        {
            if (fields.Count == MaxFields || Line(head, out var length) is not { } line || !Take(line)) return false;
            fields.Add(line);
            head = head[(length + 2)..];
        }
        // RFC 9112 §6.1: chunks from HTTP/1.0 are a faulty framing. §6.3: Transfer-Encoding overrides a length, and a message
        // that has both may be an attempt to make two readers disagree: the connection carries nothing after it.
        if (!IsChunked) return true;
        KeepsAlive &= Length < 0;
        Length = -1;
        return Minor == 1;
    }

    // HTTP/1.1 200 OK; the phrase may be empty, and with it its space missing.
    private bool ReadStatus(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[8] != ' ' || (line.Length > 12 && line[12] != ' ')) return false;
        Minor = line[7] - '0';
        if (Minor is not (0 or 1) || !int.TryParse(line[9..12], NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status < 100) return false;
        Status = status;
        var reason = line.Length > 13 ? line[13..] : [];
        if (HasControl(reason)) return false;
        if (!Ascii.Equals(reason, Reason)) Reason = Encoding.Latin1.GetString(reason);
        return true;
    }

    private FieldLine? Line(ReadOnlySpan<byte> rest, out int length)
    {
        var at = fields.Count;
        if (at < kept.Count && kept[at] is { } before && before.Begins(rest))
        {
            length = before.Size;
            return before;
        }
        length = rest.IndexOf("\r\n"u8);
        var line = rest[..length];
        var read = FieldLine.Read(line);
        if (read is null || at >= MaxKept) return read;
        if (at == kept.Count) kept.Add(null);
        if (line.Length <= MaxKeptLength) kept[at] = read;
        return read;
    }

    private bool Take(FieldLine line)
    {
        switch (line.Meaning)
        {
            case FieldMeaning.Length:
                if (line.Length < 0 || (Length >= 0 && Length != line.Length)) return false;
                Length = line.Length;
                return true;
            case FieldMeaning.Coding:
                // Another coding, or the same twice, has no end that could be found safely.
                if (IsChunked || !line.Value.Equals("chunked", StringComparison.OrdinalIgnoreCase)) return false;
                return IsChunked = true;
            case FieldMeaning.Connection:
                Connection = Connection is null ? line.Value : $"{Connection}, {line.Value}";
                KeepsAlive = (Minor == 1 || Names("keep-alive")) && !Names("close");
                return true;
            default:
                return true;
        }
    }

    private bool Names(string option) => HeaderRules.IsNominated(Connection, option);

    /// <summary>Whether a value holds what none may hold (RFC 9110 §5.5).</summary>
    internal static bool HasControl(ReadOnlySpan<byte> value)
    {
        foreach (var c in value)
            if (c is (< 0x20 and not (byte)'\t') or 0x7F) return true;
        return false;
    }
}
