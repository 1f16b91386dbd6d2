using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Numerics;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Overriding;

/// <summary>What operators may not do, whoever they are.</summary>
public sealed record OverrideRules
{
    /// <summary>How long an override may hold: what is forced is watched by nobody.</summary>
    public static TimeSpan MaxTime { get; } = TimeSpan.FromHours(72);

    /// <summary>Regions that must stay able to take each state class; an order that leaves fewer, and fewer than before, is refused. 0 to 64; default 1.</summary>
    public int MinServing { get; init; } = 1;

    /// <summary>Whether a second region may be overridden only by an order that says it is meant. Default true.</summary>
    public bool OneAtATime { get; init; } = true;

    /// <summary>Decides on an order. Pure.</summary>
    internal OverrideDecision Decide(OverrideOrder order, ImmutableArray<ActiveOverride> active, HealthSnapshot health, DateTimeOffset now)
    {
        var named = health.Topology.Regions.Select(region => region.Name).Concat(active.Select(one => one.Region))
            .Where(name => FileSystemName.MatchesSimpleExpression(order.Regions, name, ignoreCase: false)).ToImmutableHashSet();
        var others = active.RemoveAll(one => named.Contains(one.Region));
        ImmutableArray<ActiveOverride> after = order.Kind == RegionOverride.None
            ? others
            : [.. others, .. named.Order(StringComparer.Ordinal).Select(name => new ActiveOverride(name, order.Kind, order.Reason, order.By, now, now + order.For))];
        return Refusal(order, named, others, Under(health, active), Under(health, after)) is { } refusal ? new(active, refusal) : new(after, null);
    }

    private string? Refusal(OverrideOrder order, ImmutableHashSet<string> named, ImmutableArray<ActiveOverride> others, HealthSnapshot before, HealthSnapshot after)
    {
        if (named.IsEmpty) return $"region: no region is named {order.Regions}";
        if (string.IsNullOrWhiteSpace(order.Reason)) return "reason: an override needs one";
        if (order.Kind == RegionOverride.None) return null;
        if (order.For <= TimeSpan.Zero || order.For > MaxTime) return $"for: an override holds longer than 0 and at most {MaxTime.TotalHours:0} h";
        if (OneAtATime && !order.Anyway && named.Count + others.Length > 1)
            return $"one at a time: {string.Join(", ", named.Concat(others.Select(one => one.Region)).Order(StringComparer.Ordinal))} would be overridden together";
        foreach (var state in Enum.GetValues<StateClass>())
        {
            var left = Takers(after, state);
            if (left < MinServing && left < Takers(before, state)) return $"min serving: {left} {(left == 1 ? "region" : "regions")} would be left for {state.Code()}, at least {MinServing} must be";
        }

        return null;
    }

    private static int Takers(HealthSnapshot health, StateClass state) =>
        BitOperations.PopCount(health.Healthy & health.Serving(state) & ~health.Drained & ~health.ForcedDown);

    /// <summary>The same observations under other overrides.</summary>
    private static HealthSnapshot Under(HealthSnapshot health, ImmutableArray<ActiveOverride> active) =>
        new(health.Version, health.Topology, [.. health.Regions.Select((region, i) => Apply(region, active, health.Topology.Regions[i].Name))]);

    /// <summary>A region's observed health under the overrides that hold.</summary>
    internal static RegionHealth Apply(RegionHealth observed, ImmutableArray<ActiveOverride> active, string region)
    {
        var kind = active.FirstOrDefault(one => one.Region == region)?.Kind ?? RegionOverride.None;

        // Forced up against what probes say: nobody reports what it serves, so it is taken to serve everything.
        var serves = kind == RegionOverride.ForcedUp && observed.Observed != HealthState.Up ? StateClasses.All : observed.Serves;
        return observed with { Override = kind, Serves = serves, ChangesAt = kind == RegionOverride.None ? observed.ChangesAt : null };
    }
}
