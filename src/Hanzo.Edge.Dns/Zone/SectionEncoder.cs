using System.Buffers.Binary;
using System.Text;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>
/// Encodes the sections that follow a question, with names compressed (RFC 1035 §4.1.4) against the question's name and against
/// each other. Every pointer is noted, except those to the question's very start: where the answer is used for a longer or
/// shorter name (a wildcard, a denial, a referral), those places are shifted by the difference.
/// </summary>
internal sealed class SectionEncoder
{
    private const int MaxPointer = 0x3F00; // leaves room for a name 255 bytes longer than the one encoded for
    private readonly List<byte> bytes = [];
    private readonly List<ushort> pointers = [];
    private readonly Dictionary<string, int> places = [];
    private readonly int start;

    /// <summary>Starts after the question for <paramref name="question"/>.</summary>
    /// <param name="question">The name answered; for a wildcard its own name, whose first label is never pointed to.</param>
    public SectionEncoder(DnsName question)
    {
        NameLength = question.Lower.Length;
        start = DnsHeader.Size + NameLength + 4;
        var lower = question.Lower;
        for (var at = question.IsWildcard ? 2 : 0; lower[at] != 0; at += lower[at] + 1)
            places.TryAdd(Key(lower[at..]), DnsHeader.Size + at);
    }

    /// <summary>Bytes of the name that this is encoded for.</summary>
    public int NameLength { get; }

    /// <summary>The sections.</summary>
    public byte[] Bytes => [.. bytes];

    /// <summary>Where in <see cref="Bytes"/> a pointer stands that moves with the question's length.</summary>
    public ushort[] Pointers => [.. pointers];

    /// <summary>Writes a record. Without <paramref name="owner"/> it is of the question's own name, whatever that is when the answer is sent.</summary>
    public void Record(DnsName? owner, DnsType type, TimeSpan ttl, RecordData data)
    {
        if (owner is null) bytes.AddRange([0xC0, DnsHeader.Size]);
        else Name(owner, compress: true);
        Short((int)type);
        Short(DnsHeader.ClassInternet);
        Span<byte> seconds = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(seconds, (uint)ttl.TotalSeconds);
        bytes.AddRange(seconds);
        var length = bytes.Count;
        Short(0);
        foreach (var part in data.Parts)
        {
            if (part.Name is { } name) Name(name, RecordData.MayCompress(type));
            else bytes.AddRange(part.Bytes.AsSpan());
        }

        var written = bytes.Count - length - 2;
        bytes[length] = (byte)(written >> 8);
        bytes[length + 1] = (byte)written;
    }

    /// <summary>The pointer to <paramref name="name"/>, which a record before has named: what the owner of a record that follows would be.</summary>
    public int PointerTo(DnsName name) => 0xC000 | places[Key(name.Lower)];

    private void Name(DnsName name, bool compress)
    {
        var lower = name.Lower;
        for (var at = 0; lower[at] != 0; at += lower[at] + 1)
        {
            var key = Key(lower[at..]);
            if (compress && places.TryGetValue(key, out var place))
            {
                pointers.Add((ushort)bytes.Count);
                Short(0xC000 | place);
                return;
            }

            if (start + bytes.Count < MaxPointer) places.TryAdd(key, start + bytes.Count);
            bytes.AddRange(name.Wire.Slice(at, lower[at] + 1));
        }

        bytes.Add(0);
    }

    private void Short(int value)
    {
        bytes.Add((byte)(value >> 8));
        bytes.Add((byte)value);
    }

    private static string Key(ReadOnlySpan<byte> suffix) => Encoding.Latin1.GetString(suffix);
}
