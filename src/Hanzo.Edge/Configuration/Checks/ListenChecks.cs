using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Sections;

namespace Hanzo.Edge.Configuration.Checks;

/// <summary>Addresses are listened on once, and a PROXY protocol header comes from someone trusted.</summary>
internal static class ListenChecks
{
    public static void Tell(EdgeFile file, ProblemList problems)
    {
        var seen = new Dictionary<System.Net.IPEndPoint, string>();
        if (file.Admin.Port != 0)
            seen.Add(file.Admin, "the admin address");
        foreach (var listen in file.Listen)
        {
            var address = listen.Value.Address;
            if (address.Port != 0 && !seen.TryAdd(address, $"an address on line {listen.At.Line}"))
                problems.Error(listen.At, $"{listen.Subject}: the address is taken by {seen[address]}", "choose another port");
            if (listen.Value.ProxyProtocol && file.Clients.TrustedProxies.IsEmpty)
                problems.Error(listen.At, $"{listen.Subject}: with `proxyProtocol` only trusted proxies may connect, and there are none", "name them under clients.trustedProxies");
        }
    }
}
