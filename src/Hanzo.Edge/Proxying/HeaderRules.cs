using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Hanzo.Edge.Proxying;

/// <summary>Which header fields cross the edge.</summary>
internal static class HeaderRules
{
    private static readonly FrozenSet<string> HopByHop = new[]
    {
        // RFC 9110 §7.6.1, and what RFC 2616 §13.5.1 and RFC 9113 §3.1 name beside it.
        HeaderNames.Connection, HeaderNames.ProxyConnection, HeaderNames.KeepAlive, HeaderNames.TE,
        HeaderNames.TransferEncoding, HeaderNames.Upgrade, "HTTP2-Settings",
        // Spoken between a client and the proxy it has chosen (RFC 9110 §11.7).
        HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization, "Proxy-Authentication-Info",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> RequestNotCopied = HopByHop
        .Concat([HeaderNames.Via, HeaderNames.MaxForwards, ForwardedHeaders.Forwarded, ForwardedHeaders.XForwardedFor, ForwardedHeaders.XForwardedProto, ForwardedHeaders.XForwardedHost, RequestIds.Header])
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Alt-Svc would send the client past the edge.
    private static readonly FrozenSet<string> ResponseNotCopied = HopByHop
        .Concat([HeaderNames.AltSvc])
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request field goes upstream as it came. What the edge writes itself does not.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="trusted">Whether the peer may speak for its clients.</param>
    public static bool CopiesToUpstream(string name, bool trusted) =>
        name[0] != ':' && !RequestNotCopied.Contains(name) && (trusted || !IsForTrustedPeers(name));

    /// <summary>Whether a field belongs to one hop and crosses no proxy.</summary>
    public static bool IsHopByHop(string name) => HopByHop.Contains(name);

    /// <summary>Whether a response field goes to the client as it came.</summary>
    public static bool CopiesToClient(string name) => !ResponseNotCopied.Contains(name);

    /// <summary>Whether the Connection field names <paramref name="name"/> as belonging to this hop only. Framing and Host can't be taken away by it.</summary>
    public static bool IsNominated(StringValues connection, string name)
    {
        foreach (var line in connection)
            foreach (var range in line.AsSpan().Split(','))
                if (line.AsSpan(range).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                    return !name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
                        && !name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase);
        return false;
    }

    /// <summary>Whether a Connection field can name anything beside its own options: nearly none does, and those are not looked at field by field.</summary>
    public static bool Nominates(StringValues connection) =>
        connection.Count != 0
        && !(connection.Count == 1 && connection[0] is { } only
            && (only.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
                || only.Equals("close", StringComparison.OrdinalIgnoreCase)
                || only.Equals("upgrade", StringComparison.OrdinalIgnoreCase)));

    // Services behind the edge believe these; the session token is the client's own and passes.
    private static bool IsForTrustedPeers(string name) =>
        name.Length > 6 && (name[0] | 0x20) switch
        {
            'h' => name.StartsWith("Hanzo-", StringComparison.OrdinalIgnoreCase) && !name.Equals("Hanzo-Session", StringComparison.OrdinalIgnoreCase),
            'x' => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
}
