using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>
/// Lets webhooks reach the public Internet and nothing else. An address is checked when it is named, so that the merchant is
/// told, and again on the very address that is connected to, because a name may lead elsewhere by then.
/// </summary>
/// <param name="allowsPrivate">Everything is allowed, also without TLS: for trying things out.</param>
/// <param name="resolve">The addresses of a host name.</param>
internal sealed class WebhookGuard(bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Why nothing may be sent there, or null.</summary>
    public async ValueTask<string?> Refuse(string url, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || url.Length > WebhookEndpoint.MaxUrlLength
            || (uri.Scheme != Uri.UriSchemeHttps && !(allowsPrivate && uri.Scheme == Uri.UriSchemeHttp)))
            return "An https URL is expected here.";
        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
            return "A URL without user and fragment is expected here.";
        return await Reachable(uri.IdnHost, cancellation) is { IsEmpty: false } ? null : "The host has no public address.";
    }

    /// <summary>What messages are sent through. No proxy and no redirect leads them elsewhere.</summary>
    public HttpMessageInvoker Http() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        // A name that moved is followed, and checked again.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = Connect,
    });

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Reachable(context.DnsEndPoint.Host, cancellation);
        if (addresses.IsEmpty)
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{context.DnsEndPoint.Host} has no public address");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>All of a host's addresses, or none when only one of them is not public: such a name is no accident.</summary>
    private async ValueTask<ImmutableArray<IPAddress>> Reachable(string host, CancellationToken cancellation)
    {
        try
        {
            var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var address) ? [address] : await resolve(host, cancellation);
            return allowsPrivate || addresses.All(PublicAddresses.Has) ? [.. addresses] : [];
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
