using Hanzo.Edge.Configuration;
using Hanzo.Edge.Proxying.Capacity;
using Hanzo.Edge.Proxying.Failover;
using Hanzo.Edge.Receipts;
using Hanzo.Edge.Steering;
using Hanzo.Sockets.Loops;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>What one route needs of one snapshot, prepared once for all of its requests: where each region's requests go and what is told of them. Immutable.</summary>
internal sealed class RoutePlan
{
    private readonly RegionDestinations[] regions;
    private readonly StringValues[] regionNames;
    private readonly RegionLoad?[] loads;
    private readonly RegionSeries?[] series;
    private readonly CopyChoice copies;
    private readonly bool hasTransforms;
    private readonly EndpointLoads endpointLoads;
    private readonly Dictionary<DestinationState, StringValues> statuses;

    /// <summary>Prepares <paramref name="route"/> for <paramref name="snapshot"/> over the destinations that YARP has for it.</summary>
    public RoutePlan(EdgeSnapshot snapshot, EdgeRoute route, IReadOnlyList<DestinationState> destinations, RetryBudget budget, RegionLoads allLoads, EndpointLoads endpointLoads, RouteLeader leader)
    {
        Budget = budget;
        this.endpointLoads = endpointLoads;
        Leader = route.PrefersLeader ? leader : null;
        Stickiness = route.Stickiness is { Mode: not StickinessMode.None } stickiness ? new Stickiness(stickiness, snapshot.World.Topology) : null;
        loads = [.. snapshot.World.Topology.Regions.Select(region => region.Capacity is null ? null : allLoads.Of(region.Name))];
        series = new RegionSeries?[snapshot.World.Topology.Regions.Length * Continents.Count];
        Snapshot = snapshot;
        Route = route;
        Destinations = destinations;
        var topology = snapshot.World.Topology;
        var byName = destinations.ToDictionary(destination => destination.DestinationId, StringComparer.OrdinalIgnoreCase);
        regions = [.. topology.Regions.Select((region, index) => Of(region, snapshot.World.Health.Regions[index], byName, endpointLoads))];
        regionNames = [.. topology.Regions.Select(region => new StringValues(region.Name))];
        Fits = topology.Regions.All(region => region.Endpoints.All(endpoint => byName.ContainsKey(endpoint.Name)));
        NotRouted = ~topology.MaskOf(route.Regions);
        Origin = new ReceiptOrigin(topology, snapshot.World.Health.Version, route.Route.RouteId);
        Via = new Via(snapshot.Configuration.Name);
        copies = CopyChoice.Of(route.Route);
        hasTransforms = route.Affinity is not null || route.Route.Transforms is { Count: > 0 };
        IsPlain = SocketLoop.IsSupported && !hasTransforms && !route.Attempts.Hedges && route.Route.TimeoutPolicy is null && route.Forwarder.Version.Major == 1
            && destinations.All(destination => destination.Model.Config.Address.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        Status = ProxyStatus.Plain(snapshot.Configuration.Name);
        statuses = destinations.ToDictionary(destination => destination, destination => ProxyStatus.NextHop(snapshot.Configuration.Name, destination.Model.Config.Address));
    }

    /// <summary>The snapshot prepared for.</summary>
    public EdgeSnapshot Snapshot { get; }

    /// <summary>The route.</summary>
    public EdgeRoute Route { get; }

    /// <summary>YARP's destinations prepared from.</summary>
    public IReadOnlyList<DestinationState> Destinations { get; }

    /// <summary>Whether YARP has a destination for every endpoint of the topology. It has not for a moment while a new configuration is taken.</summary>
    public bool Fits { get; }

    /// <summary>Whether plain requests may take the short way: nothing is asked for them that only the long one does.</summary>
    public bool IsPlain { get; }

    /// <summary>The regions that the route does not use, one bit each by index.</summary>
    public ulong NotRouted { get; }

    /// <summary>The route's leave for repetitions.</summary>
    public RetryBudget Budget { get; }

    /// <summary>Keeps clients in their regions, or null.</summary>
    public Stickiness? Stickiness { get; }

    /// <summary>Knows the region that goes first, or null where the nearest does.</summary>
    public RouteLeader? Leader { get; }

    /// <summary>The route's requests under way.</summary>
    public int UnderWay => Destinations.Sum(endpointLoads.UnderWay);

    /// <summary>What receipts say of the route.</summary>
    public ReceiptOrigin Origin { get; }

    /// <summary>This edge's Via entries.</summary>
    public Via Via { get; }

    /// <summary>The Proxy-Status of a response that came from an endpoint.</summary>
    public StringValues Status { get; }

    /// <summary>The same with <paramref name="endpoint"/> named, for trusted clients.</summary>
    public StringValues StatusOf(DestinationState endpoint) => statuses.GetValueOrDefault(endpoint, Status);

    /// <summary>Where the requests of a region go: its healthy endpoints, or all of them where none is healthy.</summary>
    public RegionDestinations Region(int index) => regions[index];

    /// <summary>What is sent to a region, or null where it has no capacity to keep.</summary>
    public RegionLoad? Load(int index) => loads[index];

    /// <summary>The name of a region as a header value.</summary>
    public StringValues RegionName(int index) => regionNames[index];

    /// <summary>What is counted of requests from <paramref name="continent"/> to a region; found by the first of them.</summary>
    public RegionSeries Series(ProxyMetrics metrics, int region, string? continent)
    {
        var cell = (region * Continents.Count) + Continents.IndexOf(continent);
        return series[cell] ??= metrics.Series(Route.Route.RouteId, regionNames[region].ToString(), continent);
    }

    /// <summary>Our transformer, followed by the route's <paramref name="own"/> where the route has transforms or a session cookie to set.</summary>
    public EdgeTransformer TransformerWith(HttpTransformer own) => hasTransforms ? new EdgeTransformer(own, copies) : EdgeTransformer.Plain;

    private static RegionDestinations Of(Region region, RegionHealth health, Dictionary<string, DestinationState> destinations, EndpointLoads loads)
    {
        var all = new List<(DestinationState, int, int)>();
        var healthy = new List<(DestinationState, int, int)>();
        for (var i = 0; i < region.Endpoints.Length; i++)
        {
            var endpoint = region.Endpoints[i];
            if (!destinations.TryGetValue(endpoint.Name, out var destination)) continue;
            all.Add((destination, i, endpoint.Weight));
            if (health.Endpoints[i].IsUsed) healthy.Add((destination, i, health.Endpoints[i].Weigh(endpoint.Weight)));
        }
        return new RegionDestinations(healthy.Count > 0 ? healthy : all, loads);
    }
}
