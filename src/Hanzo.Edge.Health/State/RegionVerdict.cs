using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.State;

/// <summary>Sums the endpoints of a region up: it is up while one of them is, and serves what those that are up serve together.</summary>
internal static class RegionVerdict
{
    public static RegionHealth Of(ImmutableArray<EndpointHealth> endpoints)
    {
        var serves = endpoints.Where(endpoint => endpoint.State == HealthState.Up).Aggregate(StateClasses.None, (all, one) => all | one.Serves);
        return new RegionHealth(Observed(endpoints), serves, endpoints);
    }

    private static HealthState Observed(ImmutableArray<EndpointHealth> endpoints) =>
        endpoints.Any(endpoint => endpoint.State == HealthState.Up) ? HealthState.Up
        : endpoints.Any(endpoint => endpoint.State == HealthState.Unknown) ? HealthState.Unknown
        : HealthState.Down;
}
