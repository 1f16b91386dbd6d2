using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying;

/// <summary>The Proxy-Status field (RFC 9209): which proxy a response passed, and what went wrong where.</summary>
internal static class ProxyStatus
{
    /// <summary>The field's name.</summary>
    public const string Header = "Proxy-Status";

    /// <summary>The edge's member alone.</summary>
    public static StringValues Plain(string edge) => Item(edge);

    /// <summary>The member naming the endpoint a response came from.</summary>
    public static StringValues NextHop(string edge, string address) => $"{Item(edge)}; next-hop={Quoted(new Uri(address).Authority)}";

    /// <summary>The member naming what went wrong (RFC 9209 §2.3).</summary>
    public static StringValues Error(string edge, string error) => $"{Item(edge)}; error={error}";

    /// <summary>The RFC 9209 error type of a failed exchange.</summary>
    /// <param name="error">What YARP says.</param>
    /// <param name="cause">The exception it carries, or null.</param>
    public static string TypeOf(ForwarderError error, Exception? cause) => error switch
    {
        ForwarderError.NoAvailableDestinations => "destination_unavailable",
        ForwarderError.RequestTimedOut => IsConnecting(cause) ? "connection_timeout" : "http_response_timeout",
        ForwarderError.Request or ForwarderError.RequestBodyDestination => TypeOf(cause),
        ForwarderError.ResponseBodyDestination or ForwarderError.UpgradeResponseDestination => "http_response_incomplete",
        ForwarderError.ResponseHeaders => "http_protocol_error",
        ForwarderError.UpgradeActivityTimeout => "connection_read_timeout",
        ForwarderError.UpgradeRequestDestination => "connection_terminated",
        ForwarderError.RequestCreation => "proxy_internal_error",
        _ => "http_request_error",
    };

    private static string TypeOf(Exception? cause)
    {
        for (var inner = cause; inner is not null; inner = inner is AggregateException { InnerExceptions: [.., var last] } ? last : inner.InnerException)
            switch (inner)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "connection_refused";
                case SocketException { SocketErrorCode: SocketError.TimedOut }:
                    return "connection_timeout";
                case SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown }:
                    return "destination_ip_unroutable";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery }:
                    return "dns_error";
                case SocketException:
                    return "connection_terminated";
                case AuthenticationException:
                    return "tls_protocol_error";
                case HttpProtocolException:
                    return "http_protocol_error";
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }:
                    return "http_protocol_error";
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return "http_response_header_section_size";
                case HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse }:
                    return "http_protocol_error";
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return "http_response_incomplete";
                case TimeoutException:
                    return "connection_timeout";
            }
        return "connection_terminated";
    }

    // SocketsHttpHandler says a connect timeout by a TimeoutException inside the cancellation.
    private static bool IsConnecting(Exception? cause)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
            if (inner is TimeoutException) return true;
        return false;
    }

    // RFC 9209 §2: the member is a token or a string; RFC 8941 §3.3.4: a token starts with a letter or *.
    private static string Item(string edge) =>
        edge.Length > 0 && (char.IsAsciiLetter(edge[0]) || edge[0] == '*') && edge.All(IsToken) ? edge : Quoted(edge);

    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~:/".Contains(c, StringComparison.Ordinal);

    // RFC 8941 §3.3.3: printable ASCII, with backslash and quote escaped.
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            if (c is < ' ' or > '~') continue;
            if (c is '"' or '\\') quoted.Append('\\');
            quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
