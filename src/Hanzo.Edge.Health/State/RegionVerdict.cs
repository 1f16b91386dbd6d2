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
        var (serves, whole, up, unknown, priority) = (StateClasses.None, 0, 0, 0, int.MaxValue);
        for (var i = 0; i < region.Length; i++)
        {
            var (endpoint, one) = (region[i], health[i]);
            whole += endpoint.Weight;
            if (one.State == HealthState.Unknown) unknown += endpoint.Weight;
            if (one.State != HealthState.Up) continue;
            up += endpoint.Weight;
            serves |= one.Serves;
            priority = Math.Min(priority, endpoint.Priority);
        }
        var needed = upShare * whole;
        var observed = IsEnough(up, needed) ? HealthState.Up : IsEnough(up + unknown, needed) ? HealthState.Unknown : HealthState.Down;
        return new RegionHealth(observed, serves, [.. health.Select((one, i) => one with { IsStandby = one.State == HealthState.Up && region[i].Priority > priority })])
        {
            Share = ShareOf(region, health, priority),
        };
    }

    /// <summary>Whether a region with this weight up is up. The slack forgives what binary fractions make of shares like 0.3.</summary>
    public static bool IsEnough(int weight, double needed) => weight > 0 && weight >= needed - 1e-9;

    /// <summary>What is fit of the endpoints that are used: those that stand by add nothing to what the others can carry.</summary>
    private static double ShareOf(ImmutableArray<RegionEndpoint> region, ImmutableArray<EndpointHealth> health, int priority)
    {
        var (fit, used) = (0.0, 0);
        for (var i = 0; i < region.Length; i++)
        {
            if (region[i].Priority != priority) continue;
            used += region[i].Weight;
            if (health[i].State == HealthState.Up) fit += health[i].Share * region[i].Weight;
        }
        return used == 0 ? 0 : fit / used;
    }
}
