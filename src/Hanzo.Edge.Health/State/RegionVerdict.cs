using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.State;

/// <summary>Sums the endpoints of a region up: it is up while enough of their weight is, and serves what those that are up serve together.</summary>
internal static class RegionVerdict
{
    /// <param name="region">The endpoints with weight and priority.</param>
    /// <param name="health">The health of each.</param>
    /// <param name="upShare">Share of the weight that must be up, 0 to 1; at least one endpoint must be in any case.</param>
    public static RegionHealth Of(ImmutableArray<RegionEndpoint> region, ImmutableArray<EndpointHealth> health, double upShare)
    {
        var serves = health.Where(endpoint => endpoint.State == HealthState.Up).Aggregate(StateClasses.None, (all, one) => all | one.Serves);
        var needed = upShare * region.Sum(endpoint => endpoint.Weight);
        var up = WeightIn(HealthState.Up);
        var unknown = WeightIn(HealthState.Unknown);
        var observed = IsEnough(up, needed) ? HealthState.Up : IsEnough(up + unknown, needed) ? HealthState.Unknown : HealthState.Down;
        var priority = BestPriority(region, health);
        return new RegionHealth(observed, serves, [.. health.Zip(region, (one, endpoint) => one with { IsStandby = one.State == HealthState.Up && endpoint.Priority > priority })])
        {
            Share = ShareOf(region, health, priority),
        };

        int WeightIn(HealthState state) => health.Zip(region).Where(pair => pair.First.State == state).Sum(pair => pair.Second.Weight);
    }

    /// <summary>Whether a region with this weight up is up. The slack forgives what binary fractions make of shares like 0.3.</summary>
    public static bool IsEnough(int weight, double needed) => weight > 0 && weight >= needed - 1e-9;

    private static int BestPriority(ImmutableArray<RegionEndpoint> region, ImmutableArray<EndpointHealth> health) =>
        region.Zip(health).Where(pair => pair.Second.State == HealthState.Up).Select(pair => pair.First.Priority).DefaultIfEmpty(int.MaxValue).Min();

    /// <summary>What is fit of the endpoints that are used: those that stand by add nothing to what the others can carry.</summary>
    private static double ShareOf(ImmutableArray<RegionEndpoint> region, ImmutableArray<EndpointHealth> health, int priority)
    {
        var used = region.Zip(health).Where(pair => pair.First.Priority == priority).ToList();
        return used.Count == 0 ? 0 : used.Where(pair => pair.Second.State == HealthState.Up).Sum(pair => pair.Second.Share * pair.First.Weight) / used.Sum(pair => pair.First.Weight);
    }
}
