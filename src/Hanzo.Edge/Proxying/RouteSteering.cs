using Hanzo.Edge.Proxying.Capacity;
using Hanzo.Edge.Proxying.Failover;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>Metadata of a route's endpoint in ASP.NET's routing: keeps the plan that its requests read.</summary>
internal sealed class RouteSteering(TimeProvider time, RegionLoads loads)
{
    private readonly RetryBudget budget = new(time);
    private readonly EndpointLoads endpoints = new();
    private RoutePlan? plan;

    /// <summary>Which region leads what the route writes.</summary>
    public RouteLeader Leader { get; } = new();

    /// <summary>
    /// The plan for <paramref name="snapshot"/>, prepared by the first request that sees it. While a new configuration is
    /// swapped in, YARP may still have the destinations of the old one: then the route goes on deciding by the last snapshot
    /// that fits them, so that no request meets regions it cannot be sent to.
    /// </summary>
    public RoutePlan For(EdgeSnapshot snapshot, RouteModel route, IReadOnlyList<DestinationState> destinations)
    {
        var known = Volatile.Read(ref plan);
        return known is not null && ReferenceEquals(known.Snapshot, snapshot) && ReferenceEquals(known.Destinations, destinations)
            ? known
            : Prepare(snapshot, route, destinations, known);
    }

    private RoutePlan Prepare(EdgeSnapshot snapshot, RouteModel model, IReadOnlyList<DestinationState> destinations, RoutePlan? known)
    {
        var route = snapshot.Route(model.Config.RouteId) ?? known?.Route;
        if (route is null) throw new InvalidOperationException($"Route '{model.Config.RouteId}' is in no configuration.");
        var fresh = new RoutePlan(snapshot, route, destinations, budget, loads, endpoints, Leader);
        if (!fresh.Fits)
        {
            if (known is not null) return known;
            if (snapshot.Before is { } before && before.Route(model.Config.RouteId) is { } earlier) fresh = new RoutePlan(before, earlier, destinations, budget, loads, endpoints, Leader);
        }
        Volatile.Write(ref plan, fresh);
        return fresh;
    }
}
