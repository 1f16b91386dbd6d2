using System.Runtime.CompilerServices;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Proxying;

/// <summary>Finds out where the client is, lets steering decide, and takes the first region that fits and has room.</summary>
internal sealed class RegionChoice(ProxyMetrics metrics)
{
    // RFC 9209 §2.3.12: the intermediary limits what it sends to the next hop.
    private const string Overload = "connection_limit_reached";

    /// <summary>Chooses the region of a request; none where no region may serve it.</summary>
    [SkipLocalsInit]
    public void Make(Exchange exchange)
    {
        var snapshot = exchange.Snapshot;
        var world = snapshot.World;
        var route = exchange.Plan.Route;
        exchange.Place = snapshot.Places.PlaceOf(exchange.Client);
        exchange.Network = world.Networks.Find(exchange.Client);
        var question = RouteQuestion.Of(route, exchange.Plan.NotRouted, exchange.Client, exchange.Place, exchange.Network);
        if (exchange.Sticky >= 0) question = question with { First = exchange.Sticky, FirstReason = CandidateReason.Sticky };
        else if (exchange.Plan.Leader is { } leader) question = question with { First = leader.In(world.Topology), FirstReason = CandidateReason.Leader };
        var room = (stackalloc Candidate[world.Topology.Regions.Length]);
        for (var full = 0UL; ;)
        {
            var decision = world.Decide(question with { Full = full }, room);
            exchange.Keep(decision);
            exchange.Region = FirstWithDestinations(exchange, decision.Eligible);
            if (Enters(exchange, ref full)) break;
        }
        metrics.Decided(exchange);
    }

    /// <summary>Answers a request that no region may serve.</summary>
    public static Task Refuse(HttpContext context, Exchange exchange)
    {
        exchange.Error ??= "destination_unavailable";
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return ProblemAnswer.WriteAsync(context, exchange);
    }

    // A full region is taken out of the question and the decision made again, so that its reason is told like any other.
    private static bool Enters(Exchange exchange, ref ulong full)
    {
        if (exchange.Region < 0 || exchange.Plan.Load(exchange.Region) is not { } load) return true;
        var capacity = exchange.Snapshot.World.Topology.Regions[exchange.Region].Capacity!;
        if (!load.TryEnter(capacity))
        {
            if (capacity.Isolate)
            {
                exchange.Region = -1;
                exchange.Error = Overload;
                return true;
            }
            if (!exchange.FailedOpen)
            {
                full |= 1UL << exchange.Region;
                return false;
            }
            load.Enter(); // every region that fits is full: the nearest takes it all the same
        }
        exchange.Load = load;
        return true;
    }

    private static int FirstWithDestinations(Exchange exchange, ReadOnlySpan<Candidate> eligible)
    {
        foreach (ref readonly var candidate in eligible)
            if (exchange.Plan.Region(candidate.Region).Count > 0) return candidate.Region;
        return -1;
    }
}
