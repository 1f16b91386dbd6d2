namespace Hanzo.Edge.Proxying.Direct;

/// <summary>What the next bytes of a chunked content are.</summary>
internal enum ChunkVerdict
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>Content.</summary>
    Content,

    /// <summary>A trailer field.</summary>
    Trailer,

    /// <summary>The end.</summary>
    End,

    /// <summary>No chunked content.</summary>
    Broken,
}

/// <summary>Reads a chunked content (RFC 9112 §7.1) strictly: lines end with CRLF, sizes are hexadecimal digits, nothing stands between a chunk and its CRLF.</summary>
internal struct ChunkReader
{
    /// <summary>Bytes of a size line, with its extensions, or of a trailer line at most.</summary>
    public const int MaxLine = 8 * 1024;

    // Trailer fields at most: there is no use for many, and no end without a bound.
    private const int MaxTrailers = 100;
    private const int MaxSizeDigits = 15;

    private Stage stage;
    private long left;
    private int trailers;

    private enum Stage
    {
        Size,
        Content,
        ContentEnd,
        Trailers,
    }

    /// <summary>Looks at the next bytes.</summary>
    /// <param name="bytes">What was received and not consumed.</param>
    /// <param name="consumed">How many of them are done with.</param>
    /// <param name="found">The content, or the line of the trailer field.</param>
    public ChunkVerdict Read(ReadOnlySpan<byte> bytes, out int consumed, out ReadOnlySpan<byte> found)
    {
        consumed = 0;
        found = default;
        while (true)
            switch (stage)
            {
                case Stage.Content when bytes.Length == consumed:
                    return ChunkVerdict.Incomplete;
                case Stage.Content:
                    found = bytes.Slice(consumed, (int)Math.Min(left, bytes.Length - consumed));
                    consumed += found.Length;
                    if ((left -= found.Length) == 0) stage = Stage.ContentEnd;
                    return ChunkVerdict.Content;
                default:
                    var verdict = Line(bytes[consumed..], out var line);
                    if (verdict != ChunkVerdict.Content) return verdict;
                    consumed += line.Length + 2;
                    if (stage == Stage.Trailers)
                    {
                        found = line;
                        return line.IsEmpty ? ChunkVerdict.End : ++trailers > MaxTrailers ? ChunkVerdict.Broken : ChunkVerdict.Trailer;
                    }
                    if (!Take(line)) return ChunkVerdict.Broken;
                    break;
            }
    }

    private bool Take(ReadOnlySpan<byte> line)
    {
        if (stage == Stage.ContentEnd)
        {
            stage = Stage.Size;
            return line.IsEmpty;
        }
        var digits = 0;
        for (left = 0; digits < line.Length && char.IsAsciiHexDigit((char)line[digits]); digits++)
        {
            if (digits == MaxSizeDigits) return false;
            left = (left << 4) | HexDigit(line[digits]);
        }
        stage = left == 0 ? Stage.Trailers : Stage.Content;
        var extension = line[digits..].Trim(" \t"u8);
        return digits > 0 && (extension.IsEmpty || (extension[0] == ';' && !ResponseHead.HasControl(extension)));
    }

    private static long HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private readonly ChunkVerdict Line(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        line = default;
        // Between a chunk and the next there are two bytes, and they are known.
        if (stage == Stage.ContentEnd && bytes.Length >= 2 && !bytes.StartsWith("\r\n"u8)) return ChunkVerdict.Broken;
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0) return bytes.Length > MaxLine ? ChunkVerdict.Broken : ChunkVerdict.Incomplete;
        if (end == 0 || bytes[end - 1] != '\r' || end > MaxLine) return ChunkVerdict.Broken;
        line = bytes[..(end - 1)];
        return ChunkVerdict.Content;
    }
}
