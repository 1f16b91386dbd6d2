using System.Collections.Immutable;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>The data of one record: bytes and names in their order. Names stay apart so that the encoder can compress those that may be compressed (RFC 3597 §4).</summary>
/// <param name="Parts">The parts in their order.</param>
public sealed record RecordData(ImmutableArray<RecordPart> Parts)
{
    /// <summary>Data without names.</summary>
    public static RecordData Of(ReadOnlySpan<byte> bytes) => new([new RecordPart([.. bytes], null)]);

    /// <summary>Data that is one name.</summary>
    public static RecordData Of(DnsName name) => new([new RecordPart([], name)]);

    /// <summary>The first name in the data, or null.</summary>
    public DnsName? Name
    {
        get
        {
            foreach (var part in Parts)
                if (part.Name is { } name) return name;
            return null;
        }
    }

    /// <summary>Whether names in the data of records of <paramref name="type"/> may be compressed: only those of the types RFC 1035 defines.</summary>
    internal static bool MayCompress(DnsType type) => type is DnsType.NS or DnsType.CNAME or DnsType.SOA or DnsType.MX;
}

/// <summary>A piece of a record's data: either bytes or a name.</summary>
/// <param name="Bytes">Bytes as they go on the wire.</param>
/// <param name="Name">A name, or null where this is bytes.</param>
public readonly record struct RecordPart(ImmutableArray<byte> Bytes, DnsName? Name);
