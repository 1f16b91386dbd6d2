using System.Buffers.Binary;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Wire;

/// <summary>Where a resolver says its client is (EDNS Client Subnet, RFC 7871 §6).</summary>
internal readonly record struct ClientSubnet
{
    private const int HeadLength = 4;

    /// <summary>1 for IPv4, 2 for IPv6; 0 only together with source prefix 0, as dig's <c>+subnet=0</c> sends it.</summary>
    public byte Family { get; private init; }

    /// <summary>Leading bits of the address that the resolver tells; 0 asks that the client not be located (RFC 7871 §7.1.2).</summary>
    public byte SourcePrefix { get; private init; }

    /// <summary>The network's first address; meaningful where <see cref="SourcePrefix"/> is not 0.</summary>
    public ClientKey Address { get; private init; }

    /// <summary>Bytes of the address in the option.</summary>
    public int AddressLength => (SourcePrefix + 7) >> 3;

    /// <summary>Bytes of the whole option in a response, its code and length included.</summary>
    public int OptionLength => EdnsOption.HeadLength + HeadLength + AddressLength;

    /// <summary>Reads the option's data. Everything RFC 7871 §7.1.2 lets a server refuse is refused: a scope, a prefix longer than the family's addresses, more or fewer bytes than the prefix needs, bits after it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ClientSubnet subnet)
    {
        subnet = default;
        if (data.Length < HeadLength || data[0] != 0 || data[3] != 0) return false;
        var family = data[1];
        var prefix = data[2];
        var bits = family switch { 1 => 32, 2 => 128, _ => 0 };
        if (family > 2 || prefix > bits) return false;
        var address = data[HeadLength..];
        if (address.Length != (prefix + 7) >> 3) return false;
        if ((prefix & 7) != 0 && (address[^1] & (0xFF >> (prefix & 7))) != 0) return false;

        Span<byte> whole = stackalloc byte[16];
        whole.Clear();
        address.CopyTo(whole);
        subnet = new()
        {
            Family = family,
            SourcePrefix = prefix,
            Address = family == 1 ? ClientKey.Of(BinaryPrimitives.ReadUInt32BigEndian(whole)) : new(BinaryPrimitives.ReadUInt128BigEndian(whole)),
        };
        return true;
    }

    /// <summary>Writes the option of a response: what was asked, and the prefix the answer holds for.</summary>
    /// <param name="into">At least <see cref="OptionLength"/> bytes.</param>
    /// <param name="scope">Leading bits of the address that the answer depends on.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> into, int scope)
    {
        EdnsOption.WriteHead(into, EdnsOption.ClientSubnet, HeadLength + AddressLength);
        into[4] = 0;
        into[5] = Family;
        into[6] = SourcePrefix;
        into[7] = (byte)scope;
        Span<byte> whole = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(whole, Address.Value);
        whole.Slice(Family == 1 ? 12 : 0, AddressLength).CopyTo(into[8..]);
        return OptionLength;
    }
}
