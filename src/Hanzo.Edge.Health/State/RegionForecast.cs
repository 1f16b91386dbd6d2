using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.State;

/// <summary>How long it takes at least until a region's verdict changes, if everything under way goes on as it began: what a DNS answer may be kept for.</summary>
internal static class RegionForecast
{
    /// <param name="endpoints">Weight of each endpoint, whether it is up, and when that may change; null while nothing is under way.</param>
    /// <param name="upShare">Share of the weight that must be up.</param>
    /// <returns>Null while nothing under way is enough to change the region.</returns>
    public static TimeSpan? Of(ImmutableArray<(int Weight, bool IsUp, TimeSpan? ChangesIn)> endpoints, double upShare)
    {
        var needed = upShare * endpoints.Sum(endpoint => endpoint.Weight);
        var up = endpoints.Where(endpoint => endpoint.IsUp).Sum(endpoint => endpoint.Weight);
        var isUp = RegionVerdict.IsEnough(up, needed);
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.ChangesIn is not null).OrderBy(endpoint => endpoint.ChangesIn))
        {
            up += endpoint.IsUp ? -endpoint.Weight : endpoint.Weight;
            if (RegionVerdict.IsEnough(up, needed) != isUp) return endpoint.ChangesIn;
        }

        return null;
    }
}
