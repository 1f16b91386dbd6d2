using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>
/// Which addresses belong to the public Internet. What a merchant names may otherwise lead this node to its own network: to
/// itself, its neighbours, or the metadata service of its cloud (server-side request forgery).
/// </summary>
internal static class PublicAddresses
{
    /// <summary>IANA's special-purpose registries for IPv4 and IPv6, multicast, and two clouds' metadata services outside of them.</summary>
    private static readonly ImmutableArray<IPNetwork> Special =
    [
        .. "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 "
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(network => IPNetwork.Parse(network)),
        .. "192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 168.63.129.16/32"
            .Split(' ').Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>What global unicast (2000::/3) holds that is not public: protocol assignments with Teredo, documentation, 6to4.</summary>
    private static readonly ImmutableArray<IPNetwork> Special6 =
        [.. "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20".Split(' ').Select(network => IPNetwork.Parse(network))];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Has(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? Has(address.MapToIPv4())
        : address.AddressFamily == AddressFamily.InterNetwork ? !Special.Any(network => network.Contains(address))
        : Nat64.Contains(address) ? Has(new IPAddress(address.GetAddressBytes().AsSpan(12)))
        : address.ScopeId == 0 && Global6.Contains(address) && !Special6.Any(network => network.Contains(address));
}
