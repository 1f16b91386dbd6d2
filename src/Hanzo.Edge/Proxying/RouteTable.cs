using System.Collections.Concurrent;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Proxying.Capacity;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying;

/// <summary>Hands our routes to YARP: one cluster a route, with every endpoint of every region in it, for steering to narrow.</summary>
internal sealed class RouteTable(TimeProvider time) : IProxyConfigProvider
{
    private readonly RegionLoads loads = new(time);
    private readonly ConcurrentDictionary<string, RouteSteering> steering = new(StringComparer.Ordinal);
    private RouteTableVersion current = new([], []);

    /// <summary>Replaces all routes. YARP keeps what is the same, connections included.</summary>
    public void Apply(EdgeConfiguration configuration)
    {
        var next = new RouteTableVersion(
            [.. configuration.Routes.Select(route => route.Route with { ClusterId = route.Route.RouteId })],
            [.. configuration.Routes.Select(route => Cluster(route, configuration))]);
        Interlocked.Exchange(ref current, next).Retire();
        foreach (var gone in steering.Keys.Except(configuration.Routes.Select(route => route.Route.RouteId))) steering.TryRemove(gone, out _);
    }

    /// <summary>What steers the requests of a route. It outlives YARP's endpoints, which every change of the route makes anew.</summary>
    public RouteSteering Steering(string route) => steering.GetOrAdd(route, _ => new RouteSteering(time, loads));

    /// <inheritdoc/>
    public IProxyConfig GetConfig() => Volatile.Read(ref current);

    private static ClusterConfig Cluster(EdgeRoute route, EdgeConfiguration configuration) => new()
    {
        ClusterId = route.Route.RouteId,
        LoadBalancingPolicy = PowerOfTwoChoices.PolicyName,
        SessionAffinity = route.Affinity,
        HttpRequest = new ForwarderRequestConfig
        {
            Version = route.Forwarder.Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = route.Forwarder.ActivityTimeout,
        },
        Metadata = UpstreamClients.Settings(route.Forwarder),
        Destinations = configuration.Topology.Regions
            .SelectMany(region => region.Endpoints)
            .ToDictionary(endpoint => endpoint.Name, endpoint => new DestinationConfig { Address = Prefix(endpoint.Address) }, StringComparer.OrdinalIgnoreCase),
    };

    // YARP puts path and query behind the prefix as they are: "http://a:1/" would be cut at every request.
    private static string Prefix(Uri address) => address.AbsoluteUri.TrimEnd('/');

    private sealed class RouteTableVersion(IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters) : IProxyConfig
    {
        private readonly ConfigurationReloadToken retired = new();

        public IReadOnlyList<RouteConfig> Routes => routes;

        public IReadOnlyList<ClusterConfig> Clusters => clusters;

        public IChangeToken ChangeToken => retired;

        public void Retire() => retired.OnReload();
    }
}
