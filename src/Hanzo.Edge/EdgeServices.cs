using Hanzo.Edge.Proxying;
using Hanzo.Edge.Proxying.Direct;
using Hanzo.Edge.Proxying.Failover;
using Hanzo.Edge.Proxying.Plain;
using Hanzo.Edge.Receipts;
using Hanzo.Sockets;
using Hanzo.Sockets.Loops;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.DataProtection;
using Prometheus;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;

namespace Hanzo.Edge;

/// <summary>What the stages of <see cref="EdgePipeline"/> are made of.</summary>
internal static class EdgeServices
{
    /// <summary>Adds them.</summary>
    public static void AddEdge(this IServiceCollection services, EdgeState state)
    {
        services.AddSingleton(state.Time);
        services.AddSingleton(state.Snapshots);
        services.AddSingleton(state.Receipts);
        services.AddSingleton(state.Location);
        services.AddSingleton(state.Spread);
        services.AddSingleton<ProxyMetrics>(_ => new ProxyMetrics(state.Registry));
        services.AddSingleton(state.Board);
        services.AddSingleton(_ => new FailoverMetrics(state.Meters));
        services.AddSingleton<Attempts>();
        services.AddSingleton<Hedging>();
        services.AddSingleton<UpstreamEndpoints>();
        services.AddSingleton<RequestIds>();
        services.AddSingleton<Exchanges>();
        services.AddSingleton<RegionChoice>();
        services.AddSingleton<PlainWay>();
        services.AddSingleton<PlainServer>();
        services.AddSingleton<PrefaceListener>();
        services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<PrefaceListener>());
        services.AddSingleton<IConnectionListenerFactory, LoopTransport>();
        services.AddHostedService(provider => new SocketWatch(SocketLoop.IsSupported ? SocketWatch.BeatLoopAsync : SocketWatch.BeatAsync, provider.GetRequiredService<ProxyMetrics>().SocketServed, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<HeapTrim>();
        services.AddRequestTimeouts();
        services.AddReverseProxy().AddTransforms<RouteTransforms>();
        DropUnusedKeys(services, state);
        services.AddSingleton<IProxyConfigProvider>(state.Routes);
        services.AddSingleton<ILoadBalancingPolicy, PowerOfTwoChoices>();
        services.AddSingleton<IForwarderHttpClientFactory, UpstreamClients>();
        AddForwarder(services, state);
    }

    // YARP brings the keys that session cookies are protected with, and a service that makes, writes and reads them before the
    // first request, with an XML reader and all. Who has no such route has nothing to protect; one that a reload brings has
    // them made by its first request.
    private static void DropUnusedKeys(IServiceCollection services, EdgeState state)
    {
        if (state.Snapshots.Current.Configuration.Routes.Any(route => route.Affinity is not null)) return;
        foreach (var keys in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(DataProtectionOptions).Assembly).ToList())
            services.Remove(keys);
    }

    // YARP's forwarder is internal: ours stands before it by making it from its own registration.
    private static void AddForwarder(IServiceCollection services, EdgeState state)
    {
        var yarp = services.Last(service => service.ServiceType == typeof(IHttpForwarder));
        services.Remove(yarp);
        services.AddSingleton(provider => new DirectForwarder((IHttpForwarder)ActivatorUtilities.CreateInstance(provider, yarp.ImplementationType!), provider.GetRequiredService<UpstreamEndpoints>()));
        services.AddSingleton(provider => new EdgeForwarder(provider.GetRequiredService<DirectForwarder>(), provider.GetRequiredService<Attempts>(), provider.GetRequiredService<Hedging>(), state.Time));
        services.AddSingleton<IHttpForwarder>(provider => provider.GetRequiredService<EdgeForwarder>());
    }
}
