using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>What a field says of the message that it stands in.</summary>
internal enum FieldMeaning
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>How long its content is.</summary>
    Length,

    /// <summary>How its content is framed.</summary>
    Coding,

    /// <summary>What belongs to the connection.</summary>
    Connection,
}

/// <summary>One field line of a response, as bytes and as strings. Immutable.</summary>
internal sealed class FieldLine
{
    private static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly byte[] bytes;

    private FieldLine(byte[] bytes, string name, string value)
    {
        this.bytes = bytes;
        (Name, Value) = (name, value);
        NameBit = 1UL << (name.GetHashCode(StringComparison.OrdinalIgnoreCase) & 63);
        Meaning = name.Length switch
        {
            14 when name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) => FieldMeaning.Length,
            17 when name.Equals(HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase) => FieldMeaning.Coding,
            10 when name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase) => FieldMeaning.Connection,
            _ => FieldMeaning.None,
        };
        IsEdges = name.Equals(Telling.RegionHeader, StringComparison.OrdinalIgnoreCase) || name.Equals(RequestIds.Header, StringComparison.OrdinalIgnoreCase);
        IsForClient = Meaning != FieldMeaning.Length && HeaderRules.CopiesToClient(name);
        Length = Meaning == FieldMeaning.Length && value.Length <= 18 && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : -1;
    }

    /// <summary>The line and its end.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Whether the edge says this itself, in the place of what came.</summary>
    public bool IsEdges { get; }

    /// <summary>Bytes of the line without its end.</summary>
    public int Size => bytes.Length - 2;

    /// <summary>The field's name.</summary>
    public string Name { get; }

    /// <summary>One of 64 bits, the same for the same name.</summary>
    public ulong NameBit { get; }

    /// <summary>Its value, without the white space around it.</summary>
    public string Value { get; }

    /// <summary>What it says of its message.</summary>
    public FieldMeaning Meaning { get; }

    /// <summary>Whether it goes to the client as it came. A length does not: the response has its own.</summary>
    public bool IsForClient { get; }

    /// <summary>The length that it says, or -1 where it says none that can be believed.</summary>
    public long Length { get; }

    /// <summary>Reads a line without its end; null where it is no field.</summary>
    public static FieldLine? Read(ReadOnlySpan<byte> line)
    {
        var colon = ColonOf(line);
        if (colon < 0) return null;
        var value = line[(colon + 1)..].Trim(" \t"u8);
        return ResponseHead.HasControl(value) ? null : new FieldLine([.. line, (byte)'\r', (byte)'\n'], Encoding.ASCII.GetString(line[..colon]), Encoding.Latin1.GetString(value));
    }

    /// <summary>Where the colon behind a field's name stands; -1 where <paramref name="line"/> does not begin with one.</summary>
    public static int ColonOf(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon <= 0 || line[..colon].ContainsAnyExcept(Token) ? -1 : colon;
    }

    /// <summary>Whether <paramref name="head"/> begins with the same line, and its end.</summary>
    public bool Begins(ReadOnlySpan<byte> head) => head.StartsWith(bytes);
}
