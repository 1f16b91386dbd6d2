namespace Hanzo.Commerce.Node.Serving;

/// <summary>One HTTP/2 connection to each peer, for all that nodes ask each other.</summary>
internal sealed class PeerHttp : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    public HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        EnableMultipleHttp2Connections = false,
    });

    public void Dispose() => Invoker.Dispose();
}
