using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// Tells the endpoint who asks and how: Forwarded (RFC 7239), X-Forwarded-For, -Proto and -Host, and Via. A trusted peer's
/// chain is kept and the peer appended; anyone else's is replaced, so that the first address is one that a socket proved.
/// </summary>
internal static class ForwardedHeaders
{
    /// <summary>The addresses that a request came by.</summary>
    public const string XForwardedFor = "X-Forwarded-For";

    /// <summary>The scheme that its client used.</summary>
    public const string XForwardedProto = "X-Forwarded-Proto";

    /// <summary>The Host that its client named.</summary>
    public const string XForwardedHost = "X-Forwarded-Host";

    /// <summary>All of that in one field (RFC 7239).</summary>
    public const string Forwarded = "Forwarded";

    /// <summary>Writes them to <paramref name="upstream"/>.</summary>
    public static void Write<TFields>(Exchange exchange, in Hop hop, TFields upstream)
        where TFields : IRequestFields
    {
        var element = Element(exchange.Peer, hop.Scheme, hop.Host);
        if (exchange.Trusted) WriteChain(exchange, hop, element, upstream);
        else
        {
            upstream.Add(XForwardedFor, exchange.Peer.Text);
            upstream.Add(XForwardedProto, hop.Scheme);
            upstream.Add(XForwardedHost, hop.Host);
            upstream.Add(Forwarded, element);
        }
        Append(upstream, "Via", hop.Via, exchange.Plan.Via.Of(hop.Protocol));
    }

    private static void WriteChain<TFields>(Exchange exchange, in Hop hop, string element, TFields upstream)
        where TFields : IRequestFields
    {
        var chain = exchange.ForwardedFor;
        Append(upstream, XForwardedFor, chain, exchange.Peer.Text);
        upstream.Add(XForwardedProto, Or(hop.Proto, hop.Scheme));
        upstream.Add(XForwardedHost, Or(hop.ForwardedHost, hop.Host));
        var forwarded = exchange.Forwarded;
        if (forwarded.Count != 0 || chain.Count == 0) Append(upstream, Forwarded, forwarded, element);
        else if (chain.Count == 1 && chain[0] is { Length: > 0 } only && !only.AsSpan().ContainsAnyExcept(Plain)) upstream.Add(Forwarded, "for=", only, ", ", element);
        else upstream.Add(Forwarded, Translated(chain), ", ", element);
    }

    private static void Append<TFields>(TFields upstream, string name, StringValues before, string last)
        where TFields : IRequestFields
    {
        if (before.Count == 0) upstream.Add(name, last);
        else upstream.Add(name, before.ToString(), ", ", last);
    }

    private static string Or(StringValues said, string own) => said.Count == 0 ? own : said.ToString();

    // Kestrel keeps the string of a header that does not change between requests of a connection, so the comparison is
    // almost always of one reference with itself.
    private static string Element(Peer peer, string scheme, string host)
    {
        if (peer.LastForwarded is { } last && last.Host == host && last.Scheme == scheme) return last.Text;
        var text = new StringBuilder("for=").Append(Node(peer.Address.AddressFamily == AddressFamily.InterNetworkV6, peer.Text)).Append(";proto=").Append(scheme);
        if (host.Length > 0 && host.AsSpan().IndexOfAny('"', '\\') < 0) text.Append(";host=\"").Append(host).Append('"');
        peer.LastForwarded = new ForwardedElement(host, scheme, text.ToString());
        return peer.LastForwarded.Text;
    }

    // RFC 7239 §6: an IPv6 address stands in brackets, and so in quotes.
    private static string Node(bool isIPv6, string address) => isIPv6 ? $"\"[{address}]\"" : address;

    // What nearly every chain is, an address and nothing else, is written without looking at its parts.
    private static readonly SearchValues<char> Plain = SearchValues.Create("0123456789.");

    // RFC 7239 §7.4: a peer that speaks X-Forwarded-For only loses nothing of its chain in Forwarded.
    private static string Translated(StringValues chain)
    {
        var text = new StringBuilder();
        foreach (var line in chain)
            foreach (var range in line.AsSpan().Split(','))
            {
                var node = line.AsSpan(range).Trim();
                if (node.IsEmpty || node.IndexOfAny('"', '\\') >= 0) continue;
                if (text.Length > 0) text.Append(", ");
                text.Append("for=");
                if (node.Contains(':')) text.Append('"').Append(node[0] == '[' || node.Count(':') == 1 ? "" : "[").Append(node).Append(node[0] == '[' || node.Count(':') == 1 ? "" : "]").Append('"');
                else text.Append(node);
            }
        return text.Length == 0 ? "for=unknown" : text.ToString();
    }
}

/// <summary>What a request says of the hop that it came over, and of those before.</summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Protocol">The version of HTTP.</param>
/// <param name="Host">Its Host field.</param>
/// <param name="Via">Its Via field.</param>
/// <param name="Proto">Its X-Forwarded-Proto field.</param>
/// <param name="ForwardedHost">Its X-Forwarded-Host field.</param>
internal readonly record struct Hop(string Scheme, string Protocol, string Host, StringValues Via, StringValues Proto, StringValues ForwardedHost)
{
    /// <summary>What <paramref name="request"/> says; of the hops before only where its peer is <paramref name="trusted"/>.</summary>
    public static Hop Of(HttpRequest request, bool trusted)
    {
        var headers = request.Headers;
        var (proto, host) = trusted ? (headers[ForwardedHeaders.XForwardedProto], headers[ForwardedHeaders.XForwardedHost]) : default;
        return new(request.Scheme, request.Protocol, headers.Host.ToString(), headers.Via, proto, host);
    }
}
