using System.Runtime.CompilerServices;
using Hanzo.Edge.Steering;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>Finds out where the client is, lets steering decide, and narrows YARP's destinations to the first region that fits.</summary>
internal sealed class SteeringStage(RequestDelegate next, ProxyMetrics metrics)
{
    /// <summary>Decides and passes on, or refuses where no region may serve the request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = context.Features.Get<Exchange>()!;
        Decide(exchange);
        if (exchange.Region < 0) return Refuse(context, exchange);
        context.GetReverseProxyFeature().AvailableDestinations = exchange.Plan.Region(exchange.Region);
        return next(context);
    }

    [SkipLocalsInit]
    private void Decide(Exchange exchange)
    {
        var snapshot = exchange.Snapshot;
        var world = snapshot.World;
        var route = exchange.Plan.Route;
        exchange.Place = snapshot.Places.Find(exchange.Client).Place;
        exchange.Network = world.Networks.Find(exchange.Client);
        var question = new SteeringQuestion
        {
            Place = exchange.Place,
            Network = exchange.Network,
            State = route.State,
            NotRouted = exchange.Plan.NotRouted,
            WhenNoneHealthy = route.WhenNoneHealthy,
            // One client stays in one region of a tie band, so that its session stays there too.
            Affinity = Spread.Mix((ulong)exchange.Client.Value ^ (ulong)(exchange.Client.Value >> 64)),
        };
        var decision = world.Decide(question, stackalloc Candidate[world.Topology.Regions.Length]);
        exchange.Keep(decision);
        exchange.Region = FirstWithDestinations(exchange, decision.Eligible);
        metrics.Decided(exchange);
    }

    private static int FirstWithDestinations(Exchange exchange, ReadOnlySpan<Candidate> eligible)
    {
        foreach (ref readonly var candidate in eligible)
            if (exchange.Plan.Region(candidate.Region).Count > 0) return candidate.Region;
        return -1;
    }

    private static Task Refuse(HttpContext context, Exchange exchange)
    {
        exchange.Error = "destination_unavailable";
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return ProblemAnswer.WriteAsync(context, exchange);
    }
}
