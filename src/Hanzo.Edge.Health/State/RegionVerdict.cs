using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.State;

/// <summary>Sums the endpoints of a region up: it is up while enough of their weight is, and serves what those that are up serve together.</summary>
internal static class RegionVerdict
{
    /// <param name="endpoints">The health of each endpoint.</param>
    /// <param name="weights">The weight of each, above 0.</param>
    /// <param name="upShare">Share of the weight that must be up, 0 to 1; at least one endpoint must be in any case.</param>
    public static RegionHealth Of(ImmutableArray<EndpointHealth> endpoints, ImmutableArray<int> weights, double upShare)
    {
        var serves = endpoints.Where(endpoint => endpoint.State == HealthState.Up).Aggregate(StateClasses.None, (all, one) => all | one.Serves);
        var needed = upShare * weights.Sum();
        var up = WeightIn(HealthState.Up);
        var unknown = WeightIn(HealthState.Unknown);
        var observed = IsEnough(up) ? HealthState.Up : IsEnough(up + unknown) ? HealthState.Unknown : HealthState.Down;
        var fit = endpoints.Zip(weights).Where(pair => pair.First.State == HealthState.Up).Sum(pair => pair.First.Share * pair.Second);
        return new RegionHealth(observed, serves, endpoints) { Share = fit == 0 ? 0 : fit / weights.Sum() };

        int WeightIn(HealthState state) => endpoints.Zip(weights).Where(pair => pair.First.State == state).Sum(pair => pair.Second);

        // The slack forgives what binary fractions make of shares like 0.3.
        bool IsEnough(int weight) => weight > 0 && weight >= needed - 1e-9;
    }
}
