using Hanzo.Edge.Proxying.Direct;
using Hanzo.Edge.Proxying.Failover;
using Hanzo.Sockets.Loops;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>Serves the plain requests of clients that speak HTTP/1.1 in clear text, and leaves their connections to Kestrel with the first that is not plain.</summary>
internal sealed class PlainServer(PlainWay way, Exchanges exchanges, Attempts attempts, UpstreamEndpoints endpoints, ProxyMetrics metrics, IOptions<KestrelServerOptions> options, IServiceProvider services, TimeProvider time)
{
    /// <summary>What is done for a plain request.</summary>
    public PlainWay Way => way;

    /// <summary>Opens and closes what is known of a request.</summary>
    public Exchanges Exchanges => exchanges;

    /// <summary>Judges attempts.</summary>
    public Attempts Attempts => attempts;

    /// <summary>Keeps connections to endpoints.</summary>
    public UpstreamEndpoints Endpoints => endpoints;

    /// <summary>Counts.</summary>
    public ProxyMetrics Metrics => metrics;

    /// <summary>The routes found a moment ago.</summary>
    public RouteMemory Routes { get; } = new(time);

    /// <summary>What clients are held to.</summary>
    public KestrelServerLimits Limits => options.Value.Limits;

    /// <summary>What the matcher of routes asks for.</summary>
    public IServiceProvider Services => services;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Puts this before <paramref name="next"/>, which is Kestrel.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => SocketLoop.IsSupported ? connection => ServeAsync(connection, next) : next;

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var plain = new PlainConnection(connection, this);
        if (await plain.ServeAsync()) return;
        try
        {
            await next(connection);
        }
        finally
        {
            plain.Abandon();
        }
    }
}
