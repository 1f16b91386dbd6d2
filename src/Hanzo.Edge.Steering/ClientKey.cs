using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Hanzo.Edge.Steering;

/// <summary>
/// A client's address as one 128-bit number: IPv6 as it is, IPv4 in its mapped form (::ffff:a.b.c.d, RFC 4291 §2.5.5.2),
/// so that one table and one comparison serve both.
/// </summary>
/// <param name="Value">The address, most significant byte first.</param>
public readonly record struct ClientKey(UInt128 Value)
{
    private static readonly UInt128 MappedPrefix = new(0, 0x0000_FFFF_0000_0000);

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsIPv4 => (ulong)(Value >> 64) == 0 && (ulong)Value >> 32 == 0xFFFF;

    /// <summary>The IPv4 address as a number; meaningful where <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => (uint)Value;

    /// <summary>The key of an IPv4 address.</summary>
    public static ClientKey Of(uint ipv4) => new(MappedPrefix | ipv4);

    /// <summary>The key of <paramref name="address"/>; allocates nothing.</summary>
    public static ClientKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? Of(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}
