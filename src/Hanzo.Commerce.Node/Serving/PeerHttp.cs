using System.Collections.Frozen;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>One HTTP/2 connection to each peer, for all that nodes ask each other.</summary>
internal sealed class PeerHttp : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A connection on which nothing comes is asked so soon whether it lives, and given up when it does not say so. Else one
    /// over a link that was cut would stay in use after the link is back, until its kernel sends again: after as long as the
    /// cut lasted, while a new connection takes a round trip.
    /// </summary>
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);

    public PeerHttp(NodeOptions options) => Invoker = new HttpMessageInvoker(options.Certificates is { } certificates
        ? new ByPeer(options.Peers.ToFrozenDictionary(peer => peer.Url.Authority, peer => new HttpMessageInvoker(Handler(certificates, peer.Name))))
        : Handler(null, ""));

    public HttpMessageInvoker Invoker { get; }

    public void Dispose() => Invoker.Dispose();

    private static SocketsHttpHandler Handler(NodeCertificates? certificates, string name) => new()
    {
        UseProxy = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        EnableMultipleHttp2Connections = false,
        KeepAlivePingDelay = PingAfter,
        KeepAlivePingTimeout = PingTimeout,
        SslOptions = certificates?.For(name) ?? new(),
    };

    /// <summary>Each peer has to show a certificate with its own name, whatever address it is reached at.</summary>
    private sealed class ByPeer(FrozenDictionary<string, HttpMessageInvoker> peers) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            peers[request.RequestUri!.Authority].SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            foreach (var peer in peers.Values)
                peer.Dispose();
            base.Dispose(disposing);
        }
    }
}
