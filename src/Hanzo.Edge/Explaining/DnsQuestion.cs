using System.Net;

namespace Hanzo.Edge.Explaining;

/// <summary>A DNS query to explain.</summary>
/// <param name="Name">The name asked for.</param>
/// <param name="Client">The network that the resolver tells of its client, or the resolver's own address as a network of one.</param>
/// <param name="IsSubnet">Whether it is told by EDNS Client Subnet.</param>
internal sealed record DnsQuestion(string Name, IPNetwork Client, bool IsSubnet)
{
    /// <summary>Reads a network, or an address as a network of one.</summary>
    public static bool TryParseNetwork(string? text, out IPNetwork network)
    {
        network = default;
        // An address is written whole: the class library takes 10.1 for 10.0.0.1.
        if (text is null || (!text.Contains(':') && text.Count(c => c == '.') != 3)) return false;
        if (IPAddress.TryParse(text, out var address)) network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return address is not null || IPNetwork.TryParse(text, out network);
    }
}
