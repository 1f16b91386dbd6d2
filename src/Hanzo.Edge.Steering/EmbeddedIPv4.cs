using System.Collections.Immutable;
using System.Net;

namespace Hanzo.Edge.Steering;

/// <summary>
/// Finds the IPv4 address of a client inside the IPv6 address a transition technology gave it, because the IPv4 network is
/// what says where the client is: 6to4 (2002::/16, RFC 3056 §2), Teredo (2001::/32, RFC 4380 §4: the client's address
/// inverted in the last 32 bits) and NAT64 (64:ff9b::/96, RFC 6052 §2.1). Mapped addresses (::ffff:0:0/96) are IPv4 in a
/// <see cref="ClientKey"/> already. The local NAT64 prefix 64:ff9b:1::/48 (RFC 8215) stays wrapped: where in it the IPv4
/// address stands is each network's own choice.
/// </summary>
public static class EmbeddedIPv4
{
    /// <summary>The networks whose addresses have an IPv4 address inside, mapped ones included: what is true of one of them says nothing of its neighbours.</summary>
    public static ImmutableArray<IPNetwork> Networks { get; } =
        [IPNetwork.Parse("::ffff:0:0/96"), IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("2001::/32"), IPNetwork.Parse("2002::/16")];

    /// <summary>
    /// The IPv4 address inside <paramref name="client"/>, or the same address where there is none. One that is not a public
    /// unicast address is not taken: the RFCs forbid it there, and it could be used to pass for a client of a private network.
    /// </summary>
    public static ClientKey Unwrap(ClientKey client) => TryFind(client, out var ipv4, out _) && IsPublic(ipv4) ? ClientKey.Of(ipv4) : client;

    /// <summary>Whether <paramref name="client"/> has an IPv4 address inside, public or not.</summary>
    /// <param name="client">An address; a mapped one has none inside, it is one.</param>
    /// <param name="ipv4">The address inside.</param>
    /// <param name="leading">Bits that stand before it.</param>
    public static bool TryFind(ClientKey client, out uint ipv4, out int leading)
    {
        var upper = (ulong)(client.Value >> 64);
        (ipv4, leading) = ((uint)client.Value, 96);
        if (upper >> 48 == 0x2002) (ipv4, leading) = ((uint)(upper >> 16), 16);
        else if (upper >> 32 == 0x2001_0000) ipv4 = ~ipv4;
        else return upper == 0x0064_FF9B_0000_0000 && (ulong)client.Value >> 32 == 0;
        return true;
    }

    /// <summary>Whether an address can be a client's on the public internet: not one of the special blocks of RFC 6890, not multicast.</summary>
    public static bool IsPublic(uint ipv4) => (ipv4 >> 24) switch
    {
        0 or 10 or 127 or >= 224 => false,
        100 => ipv4 >> 22 != (100 << 2 | 1),
        169 => ipv4 >> 16 != (169 << 8 | 254),
        172 => ipv4 >> 20 != (172 << 4 | 1),
        192 => ipv4 >> 16 != (192 << 8 | 168),
        _ => true,
    };
}
