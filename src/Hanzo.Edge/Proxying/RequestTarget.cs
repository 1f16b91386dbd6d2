using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// What an endpoint is asked for: path and query as the client wrote them (RFC 9110 §7.7). The path that routes are matched by
/// has lost its escapes, and of <c>%2F</c> and <c>%252F</c> nobody could tell any more which it was. Two things are changed: dot
/// segments are resolved (RFC 3986 §5.2.4), because the route was chosen for what is left, and what may not stand in a target
/// is escaped.
/// </summary>
internal static class RequestTarget
{
    // What the server's reading of a target leaves alone and nobody escapes: there the two ways lead to the same.
    private static readonly SearchValues<char> Plain = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_~/?=&:,");

    // Visible, and neither a delimiter of other things nor one that is read as another: also what browsers leave as it is in a query.
    private static readonly SearchValues<char> Written = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.~/?=&:,@!$'()*+;%[]{}|^`");

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Path and query as the client wrote them; null where they are no target that may be passed on.</summary>
    public static string? Of(HttpRequest request)
    {
        var raw = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!raw.StartsWith('/') && (raw = BehindAuthority(raw)).Length == 0) return null;
        if (!raw.AsSpan().ContainsAnyExcept(Plain)) return raw;
        if (raw.AsSpan().ContainsAnyExcept(Written) || !IsEscaped(raw)) return null;
        return HasDots(raw) ? WithoutDots(raw) : raw;
    }

    /// <summary>Whether the client asks about the server as a whole (RFC 9112 §3.2.4), which is the edge.</summary>
    public static bool IsServer(HttpRequest request) =>
        request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget is var raw && (raw == "*" || (raw.Contains("://", StringComparison.Ordinal) && !raw.StartsWith('/') && BehindAuthority(raw).Length == 0));

    /// <summary>Gives a message its target where the way over <see cref="HttpRequest.Path"/> would change it.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="prefix">The endpoint.</param>
    /// <param name="upstream">The message; transforms of a route may have given it a target.</param>
    public static void Keep(HttpRequest request, string prefix, HttpRequestMessage upstream)
    {
        if (Of(request) is not { } target || !target.AsSpan().ContainsAnyExcept(Plain)) return;
        if (upstream.RequestUri is not { } transformed || transformed == RequestUtilities.MakeDestinationAddress(prefix, request.Path, request.QueryString))
            upstream.RequestUri = At(prefix, target);
        // A transform worked on a path in which only the slash is still escaped, and its escape was escaped.
        else if (target.Contains("%2F", StringComparison.OrdinalIgnoreCase) && !target.Contains("%252F", StringComparison.OrdinalIgnoreCase))
            upstream.RequestUri = new Uri(transformed.OriginalString.Replace("%252F", "%2F", StringComparison.OrdinalIgnoreCase), AsWritten);
    }

    /// <summary>The address of <paramref name="target"/> at the endpoint <paramref name="prefix"/>.</summary>
    public static Uri At(string prefix, string target) => new(prefix.EndsWith('/') ? prefix[..^1] + target : prefix + target, AsWritten);

    /// <summary>Whether each percent sign begins an escape (RFC 3986 §2.1).</summary>
    public static bool IsEscaped(string raw)
    {
        for (var at = raw.IndexOf('%', StringComparison.Ordinal); at >= 0; at = raw.IndexOf('%', at + 3))
            if (at + 2 >= raw.Length || !char.IsAsciiHexDigit(raw[at + 1]) || !char.IsAsciiHexDigit(raw[at + 2])) return false;
        return true;
    }

    // RFC 9112 §3.2.2: a server takes the absolute form too. Without a path it asks for "/"; null query and path ask for nothing.
    private static string BehindAuthority(string raw)
    {
        var authority = raw.IndexOf("://", StringComparison.Ordinal);
        var end = authority < 0 ? -1 : raw.AsSpan(authority + 3).IndexOfAny('/', '?');
        if (end < 0) return "";
        var rest = raw[(authority + 3 + end)..];
        return rest[0] == '?' ? "/" + rest : rest;
    }

    private static bool HasDots(string raw) => raw.Contains("/.", StringComparison.Ordinal) || raw.Contains("/%2E", StringComparison.OrdinalIgnoreCase);

    private static string WithoutDots(string raw)
    {
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        var segments = (query < 0 ? raw : raw[..query])[1..].Split('/');
        var kept = new List<string>(segments.Length);
        for (var i = 0; i < segments.Length; i++)
        {
            var dots = Dots(segments[i]);
            if (dots == 2 && kept.Count > 0) kept.RemoveAt(kept.Count - 1);
            if (dots == 0) kept.Add(segments[i]);
            else if (i == segments.Length - 1) kept.Add("");
        }
        return new StringBuilder("/").AppendJoin('/', kept).Append(query < 0 ? "" : raw[query..]).ToString();
    }

    // 1 for "." and 2 for "..", however they are written.
    private static int Dots(string segment) => segment.Replace("%2E", ".", StringComparison.OrdinalIgnoreCase) switch
    {
        "." => 1,
        ".." => 2,
        _ => 0,
    };
}
