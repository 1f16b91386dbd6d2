using System.Net;

namespace Hanzo.Edge.Proxying;

/// <summary>This edge's entries of the Via field (RFC 9110 §7.6.3), one a version of HTTP, made once. The pseudonym stands for its address.</summary>
internal sealed class Via
{
    private readonly string http10;
    private readonly string http11;
    private readonly string http2;

    /// <summary>Makes the entries of the edge named <paramref name="edge"/>.</summary>
    public Via(string edge)
    {
        // received-by is a token: what no token may hold becomes a hyphen.
        var pseudonym = string.Concat(edge.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '-'));
        http10 = $"1.0 {pseudonym}";
        http11 = $"1.1 {pseudonym}";
        http2 = $"2 {pseudonym}";
    }

    /// <summary>The entry for a request received by <paramref name="protocol"/>.</summary>
    public string Of(string protocol) => HttpProtocol.IsHttp11(protocol) ? http11 : HttpProtocol.IsHttp2(protocol) ? http2 : http10;

    /// <summary>The entry for a response received by <paramref name="version"/>.</summary>
    public string Of(Version version) => version.Major >= 2 ? http2 : version.Minor == 1 ? http11 : http10;
}
