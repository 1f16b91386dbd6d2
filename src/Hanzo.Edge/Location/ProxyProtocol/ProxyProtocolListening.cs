using Microsoft.AspNetCore.Connections;

namespace Hanzo.Edge.Location.ProxyProtocol;

/// <summary>Puts the PROXY protocol on a listener.</summary>
internal static class ProxyProtocolListening
{
    /// <summary>Every connection begins with a PROXY protocol v2 header of a trusted peer. To be called before UseHttps: the header comes before TLS.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="trusted">Which peers may send a header, asked at each connection.</param>
    /// <param name="services">Where the clock, the metrics and the log are.</param>
    public static IConnectionBuilder UseProxyProtocol(this IConnectionBuilder listener, Func<TrustedProxies> trusted, IServiceProvider services)
        => listener.Use(next => new ProxyProtocolMiddleware(
            next,
            trusted,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<LocationMetrics>(),
            services.GetRequiredService<ILogger<ProxyProtocolMiddleware>>()).OnConnectionAsync);
}
