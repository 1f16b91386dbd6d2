using Hanzo.Edge.Configuration;
using Hanzo.Edge.Proxying.Failover;
using Microsoft.AspNetCore.Connections;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>What is done for a plain request, whichever server reads it: its plan, its exchange, its region and the attempt.</summary>
internal sealed class PlainWay(Exchanges exchanges, RegionChoice choice, Attempts attempts, Spread spread)
{
    private Openness? known;

    /// <summary>Finds the route of a request, as its endpoint; null until the pipeline is laid.</summary>
    public RequestDelegate? Match { get; set; }

    /// <summary>Told of each connection that a request was served on, or null.</summary>
    public Action<ConnectionContext>? Arrived { get; set; }

    /// <summary>Whether routes are found by nothing but the first line of a request and its Host.</summary>
    public bool IsOpen
    {
        get
        {
            var configuration = exchanges.Snapshot.Configuration;
            var last = known;
            if (!ReferenceEquals(configuration, last?.Configuration))
                known = last = new(configuration, Match is not null && configuration.Routes.All(route => route.Route.Match.Headers is null or { Count: 0 }));
            return last.IsOpen;
        }
    }

    /// <summary>The plan by which the requests of a route take the short way; null where they do not.</summary>
    /// <param name="endpoint">The route, as ASP.NET's routing found it.</param>
    public RoutePlan? PlanOf(Endpoint? endpoint)
    {
        if (endpoint?.Metadata is not { } route
            || route.GetMetadata<RouteSteering>() is not { } steering
            || route.GetMetadata<RouteModel>() is not { Cluster: { } cluster } model)
            return null;
        var plan = steering.For(exchanges.Snapshot, model, cluster.DestinationsState.AllDestinations);
        return plan.IsPlain ? plan : null;
    }

    /// <summary>Chooses region and endpoint and begins the attempt; false where no region may serve the request.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="cut">Ends the attempt.</param>
    public bool TryBegin(Exchange exchange, out CancellationToken cut)
    {
        cut = default;
        try
        {
            choice.Make(exchange);
            if (exchange.Region < 0) return false;
            var region = exchange.Plan.Region(exchange.Region);
            var endpoint = region.Pick(spread.Next());
            exchange.EndpointLoad = region.LoadOf(endpoint);
            exchange.EndpointLoad.Enter();
            cut = attempts.Begin(exchange, endpoint);
            return true;
        }
        catch
        {
            exchanges.Close(exchange, StatusCodes.Status500InternalServerError);
            throw;
        }
    }

    private sealed record Openness(EdgeConfiguration Configuration, bool IsOpen);
}
