using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Proxying.Failover;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// The HTTP clients that requests are forwarded by. Routes with the same settings share one, and with it the connections
/// to the endpoints they have in common; a reload that changes no setting keeps every connection.
/// </summary>
internal sealed class UpstreamClients : IForwarderHttpClientFactory, IDisposable
{
    private const string ConnectTimeout = "connectTimeoutMs";

    private readonly ConcurrentDictionary<TimeSpan, HttpMessageInvoker> clients = new();

    /// <summary>What a cluster's metadata says of its client.</summary>
    public static Dictionary<string, string> Settings(ForwarderOptions options) =>
        new() { [ConnectTimeout] = options.ConnectTimeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) };

    /// <inheritdoc/>
    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context)
    {
        var milliseconds = double.Parse(context.NewMetadata![ConnectTimeout], CultureInfo.InvariantCulture);
        return clients.GetOrAdd(TimeSpan.FromMilliseconds(milliseconds), Create);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in clients.Values) client.Dispose();
    }

    private static HttpMessageInvoker Create(TimeSpan connectTimeout) => new(new SentOnce(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        // Trace headers pass through as they came; the runtime's propagator would write its own over them.
        ActivityHeadersPropagator = null,
        ConnectTimeout = connectTimeout,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
    }));
}
