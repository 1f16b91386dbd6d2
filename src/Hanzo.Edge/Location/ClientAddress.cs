using Hanzo.Edge.Steering;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Edge.Location;

/// <summary>
/// Who the client is. Only a trusted peer's headers count, and in them only what trusted proxies appended: read from the right,
/// the first address that is not a trusted proxy's. An entry that is no address (garbage, "unknown", an obfuscated name) ends the
/// reading at the last trusted proxy before it.
/// When both Forwarded and X-Forwarded-For are there, both must name the same client; otherwise neither is believed, because
/// most proxies append to one of them and pass the other through as the client sent it.
/// </summary>
/// <param name="Address">The client, an IPv4 address unwrapped out of a transition address: what places and networks are looked up by.</param>
/// <param name="Source">Where the address is from.</param>
/// <param name="Headers">What became of the forwarding headers.</param>
internal readonly record struct ClientAddress(ClientKey Address, ClientSource Source, ForwardingVerdict Headers)
{
    /// <summary>Proxies that are looked through at most; a longer chain ends at the last of them.</summary>
    public const int HopLimit = 32;

    /// <summary>The client behind <paramref name="peer"/>. Allocates nothing.</summary>
    /// <param name="peer">The other end of the socket, or what a PROXY protocol header said of it.</param>
    /// <param name="trusted">Peers that are believed.</param>
    /// <param name="forwarded">The Forwarded header lines (RFC 7239).</param>
    /// <param name="forwardedFor">The X-Forwarded-For header lines.</param>
    public static ClientAddress Of(ClientKey peer, TrustedProxies trusted, StringValues forwarded, StringValues forwardedFor)
    {
        if (forwarded.Count == 0 && forwardedFor.Count == 0)
        {
            return FromPeer(peer, ForwardingVerdict.None);
        }

        if (!trusted.Contains(peer))
        {
            return FromPeer(peer, ForwardingVerdict.Untrusted);
        }

        var byForwarded = forwarded.Count == 0 ? default : ReadForwarded(peer, trusted, forwarded);
        var byForwardedFor = forwardedFor.Count == 0 ? default : ReadForwardedFor(peer, trusted, forwardedFor);
        if (forwarded.Count > 0 && forwardedFor.Count > 0 && byForwarded.Address != byForwardedFor.Address)
        {
            return FromPeer(peer, ForwardingVerdict.Conflict);
        }

        var (chain, source) = forwarded.Count > 0 ? (byForwarded, ClientSource.Forwarded) : (byForwardedFor, ClientSource.XForwardedFor);
        return new(EmbeddedIPv4.Unwrap(chain.Address), chain.Hops == 0 ? ClientSource.Peer : source, chain.Verdict);
    }

    private static ClientAddress FromPeer(ClientKey peer, ForwardingVerdict verdict) => new(EmbeddedIPv4.Unwrap(peer), ClientSource.Peer, verdict);

    private static Chain ReadForwardedFor(ClientKey peer, TrustedProxies trusted, StringValues lines)
    {
        var chain = new Chain(peer, trusted);
        for (var line = lines.Count - 1; line >= 0 && chain.Goes; line--)
        {
            var rest = lines[line].AsSpan();
            while (chain.Goes && !rest.IsEmpty)
            {
                var comma = rest.LastIndexOf(',');
                var entry = rest[(comma + 1)..].Trim(" \t");
                rest = comma < 0 ? [] : rest[..comma];
                if (!entry.IsEmpty)
                {
                    chain.Take(AddressText.TryParseNode(entry, out var address), address);
                }
            }
        }

        return chain;
    }

    private static Chain ReadForwarded(ClientKey peer, TrustedProxies trusted, StringValues lines)
    {
        var chain = new Chain(peer, trusted);
        Span<(bool IsAddress, ClientKey Address)> nodes = stackalloc (bool, ClientKey)[HopLimit];
        for (var line = lines.Count - 1; line >= 0 && chain.Goes; line--)
        {
            var elements = new ForwardedElements(lines[line]);
            var count = 0;
            while (elements.TryNext(out var node))
            {
                // The last ones matter: a ring keeps as many as are looked through.
                nodes[count++ % HopLimit] = (AddressText.TryParseNode(node, out var address), address);
            }

            if (!elements.IsWellFormed)
            {
                chain.Take(isAddress: false, default);
            }

            for (var node = count - 1; node >= Math.Max(0, count - HopLimit) && chain.Goes; node--)
            {
                chain.Take(nodes[node % HopLimit].IsAddress, nodes[node % HopLimit].Address);
            }
        }

        return chain;
    }

    /// <summary>Walks the chain of proxies from the nearest to the farthest.</summary>
    private struct Chain(ClientKey peer, TrustedProxies trusted)
    {
        /// <summary>The farthest address that is believed.</summary>
        public ClientKey Address { get; private set; } = peer;

        /// <summary>How many entries were believed.</summary>
        public int Hops { get; private set; }

        public bool Goes { get; private set; } = true;

        public ForwardingVerdict Verdict { get; private set; } = ForwardingVerdict.Believed;

        public void Take(bool isAddress, ClientKey address)
        {
            if (!isAddress)
            {
                Goes = false;
                Verdict = ForwardingVerdict.Unreadable;
                return;
            }

            Address = address;
            Goes = ++Hops < HopLimit && trusted.Contains(address);
        }
    }
}

/// <summary>Where a client's address is from.</summary>
internal enum ClientSource : byte
{
    /// <summary>The socket, or the PROXY protocol header that speaks for it.</summary>
    Peer,

    /// <summary>The Forwarded header.</summary>
    Forwarded,

    /// <summary>The X-Forwarded-For header.</summary>
    XForwardedFor,
}

/// <summary>What became of a request's forwarding headers.</summary>
internal enum ForwardingVerdict : byte
{
    /// <summary>It had none.</summary>
    None,

    /// <summary>They said who the client is.</summary>
    Believed,

    /// <summary>The peer is not trusted: spoofed, for all the edge knows. To be counted and stripped.</summary>
    Untrusted,

    /// <summary>An entry is no address: the client is the last trusted proxy before it.</summary>
    Unreadable,

    /// <summary>Forwarded and X-Forwarded-For name different clients: neither is believed.</summary>
    Conflict,
}
