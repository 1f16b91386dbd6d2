using System.Buffers.Binary;
using System.Net;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Edge.Dns.Zone;

namespace Hanzo.Edge.Dns.Tests.Support;

/// <summary>A query packet in the making; every part can be spoiled.</summary>
internal sealed record Query(string Name, DnsType Type)
{
    public ushort Id { get; init; } = 0x1234;

    public int Opcode { get; init; }

    public bool RecursionDesired { get; init; }

    public int Class { get; init; } = 1;

    public bool Edns { get; init; }

    public int EdnsVersion { get; init; }

    public int UdpSize { get; init; } = 1232;

    public bool DnssecOk { get; init; }

    public byte[] Options { get; init; } = [];

    /// <summary>The same query with one more EDNS option.</summary>
    public Query With(int code, params byte[] data) => this with
    {
        Edns = true,
        Options = [.. Options, (byte)(code >> 8), (byte)code, (byte)(data.Length >> 8), (byte)data.Length, .. data],
    };

    /// <summary>The same query with a client subnet.</summary>
    public Query From(string network)
    {
        var parsed = IPNetwork.Parse(network);
        var bytes = parsed.BaseAddress.GetAddressBytes();
        return With(8, [0, (byte)(bytes.Length == 4 ? 1 : 2), (byte)parsed.PrefixLength, 0, .. bytes[..((parsed.PrefixLength + 7) / 8)]]);
    }

    public byte[] Packet()
    {
        if (!DnsName.TryParse(Name, DnsName.Root, out var name)) throw new ArgumentException($"{Name} is no name.", nameof(Name));
        var flags = (Opcode << 11) | (RecursionDesired ? 0x100 : 0);
        byte[] packet =
        [
            .. Short(Id), .. Short(flags), .. Short(1), .. Short(0), .. Short(0), .. Short(Edns ? 1 : 0),
            .. name.Wire, .. Short((int)Type), .. Short(Class),
        ];
        return !Edns ? packet :
        [
            .. packet, 0, .. Short(41), .. Short(UdpSize), 0, (byte)EdnsVersion, .. Short(DnssecOk ? 0x8000 : 0), .. Short(Options.Length), .. Options,
        ];
    }

    public static byte[] Short(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
