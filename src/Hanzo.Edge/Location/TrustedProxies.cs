using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Location;

/// <summary>The peers that may say who the client is, prepared for the request path: allocates nothing per question.</summary>
/// <param name="networks">The configured networks; an IPv4 one also holds the mapped form of its addresses.</param>
internal sealed class TrustedProxies(ImmutableArray<IPNetwork> networks)
{
    private readonly (UInt128 First, UInt128 Mask)[] networks = [.. networks.Select(Range)];

    /// <summary>Whether <paramref name="peer"/> is in one of the networks. The address counts as it is, not unwrapped: what an IPv6 address embeds is its sender's word.</summary>
    public bool Contains(ClientKey peer)
    {
        foreach (var (first, mask) in networks)
        {
            if ((peer.Value & mask) == first)
            {
                return true;
            }
        }

        return false;
    }

    private static (UInt128 First, UInt128 Mask) Range(IPNetwork network)
    {
        var width = network.BaseAddress.GetAddressBytes().Length * 8;
        var hostBits = width - network.PrefixLength;
        var mask = hostBits == 128 ? UInt128.Zero : UInt128.MaxValue << hostBits;
        return (ClientKey.Of(network.BaseAddress).Value & mask, mask);
    }
}
