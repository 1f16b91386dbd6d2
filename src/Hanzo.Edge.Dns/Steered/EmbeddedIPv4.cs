using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>IPv6 addresses that carry the IPv4 address of their user: such a client is where that address is.</summary>
internal static class EmbeddedIPv4
{
    private const uint TeredoPrefix = 0x2001_0000;
    private const ushort SixToFourPrefix = 0x2002;
    private static readonly UInt128 Nat64Prefix = (UInt128)0x0064_FF9B << 64;

    /// <summary>Finds the IPv4 address inside <paramref name="client"/>: 6to4 (RFC 3056), Teredo (RFC 4380, the client's obfuscated address), NAT64 (RFC 6052, well-known prefix).</summary>
    /// <param name="client">An IPv6 address.</param>
    /// <param name="ipv4">The address inside.</param>
    /// <param name="leading">Bits that stand before it.</param>
    public static bool TryFind(ClientKey client, out uint ipv4, out int leading)
    {
        var value = client.Value;
        (ipv4, leading) = ((uint)value, 96);
        if (value >> 32 == Nat64Prefix) return true;
        switch ((uint)(value >> 96))
        {
            case TeredoPrefix:
                ipv4 = ~ipv4;
                return true;
            case var top when top >> 16 == SixToFourPrefix:
                (ipv4, leading) = ((uint)(value >> 80), 16);
                return true;
            default:
                return false;
        }
    }
}
