using System.Diagnostics.CodeAnalysis;
using Hanzo.Edge.Steering;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>
/// Where a request goes after a failed attempt: to one other endpoint of the same region, then to the next region in
/// steering's order, and to what is left of the regions it was in when there is no other. The last attempt that a request
/// has goes to another region if it can: endpoints of one region die together.
/// </summary>
internal static class CandidateWalk
{
    /// <summary>The next endpoint, or none.</summary>
    /// <param name="exchange">The request, its attempt under way counted as made.</param>
    /// <param name="most">Attempts it may have.</param>
    /// <param name="lastResort">Whether regions found unhealthy may be tried, as when nothing else can help.</param>
    /// <param name="random">Spreads requests over the endpoints of a region.</param>
    /// <param name="region">The index of the endpoint's region.</param>
    /// <param name="endpoint">The endpoint.</param>
    public static bool TryNext(Exchange exchange, int most, bool lastResort, ulong random, out int region, [NotNullWhen(true)] out DestinationState? endpoint)
    {
        (region, endpoint) = (-1, null);
        var left = most - exchange.Attempt.Number;
        if (left <= 0) return false;
        var other = NextRegion(exchange, lastResort);
        if (TriedIn(exchange, exchange.Region) == 1 && (left > 1 || other < 0) && TryUntried(exchange, exchange.Region, random, out endpoint))
        {
            region = exchange.Region;
            return true;
        }
        if (other >= 0 && TryUntried(exchange, other, random, out endpoint))
        {
            region = other;
            return true;
        }
        for (var i = 0; i < exchange.Eligible; i++)
        {
            region = exchange.Candidates[i].Region;
            if (TryUntried(exchange, region, random, out endpoint)) return true;
        }
        return false;
    }

    private static int NextRegion(Exchange exchange, bool lastResort)
    {
        var candidates = exchange.Candidates;
        for (var i = 0; i < candidates.Length; i++)
        {
            var isEligible = i < exchange.Eligible || (lastResort && candidates[i].Reason == CandidateReason.Unhealthy && exchange.Plan.Route.WhenNoneHealthy == WhenNoneHealthy.Nearest);
            if (isEligible && TriedIn(exchange, candidates[i].Region) == 0 && exchange.Plan.Region(candidates[i].Region).Count > 0) return candidates[i].Region;
        }
        return -1;
    }

    private static bool TryUntried(Exchange exchange, int region, ulong random, [NotNullWhen(true)] out DestinationState? endpoint)
    {
        var endpoints = exchange.Plan.Region(region);
        var first = (int)(random % (ulong)Math.Max(1, endpoints.Count));
        for (var i = 0; i < endpoints.Count; i++)
        {
            endpoint = endpoints[(first + i) % endpoints.Count];
            if (!IsTried(exchange, endpoint)) return true;
        }
        endpoint = null;
        return false;
    }

    private static bool IsTried(Exchange exchange, DestinationState endpoint)
    {
        if (ReferenceEquals(exchange.Attempt.Endpoint, endpoint)) return true;
        foreach (var failed in exchange.Attempt.Failed ?? [])
            if (ReferenceEquals(failed.Endpoint, endpoint)) return true;
        return false;
    }

    private static int TriedIn(Exchange exchange, int region)
    {
        var tried = exchange.Region == region ? 1 : 0;
        foreach (var failed in exchange.Attempt.Failed ?? [])
            if (failed.Region == region) tried++;
        return tried;
    }
}
