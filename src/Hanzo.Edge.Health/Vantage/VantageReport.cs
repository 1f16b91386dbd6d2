using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Vantage;

/// <summary>What one vantage point sees at one moment.</summary>
/// <param name="Edge">Name of the edge that looks.</param>
/// <param name="Regions">Region name → what is observed there; a region it does not know is not named.</param>
/// <param name="Hears">Names of the other edges it hears from.</param>
public sealed record VantageReport(string Edge, ImmutableDictionary<string, RegionSight> Regions, ImmutableHashSet<string> Hears)
{
    /// <summary>Whether it takes new clients: false while it starts and once it drains. What it sees counts all the same.</summary>
    public bool TakesClients { get; init; } = true;

    /// <summary>
    /// Whether it had better not be believed: it sees regions, and none of them up. That is far more often a vantage point
    /// cut off than a world that ended.
    /// </summary>
    public bool DistrustsItself => Regions.Values.Any(region => region.State == HealthState.Down) && Regions.Values.All(region => region.State != HealthState.Up);

    /// <summary>What <paramref name="health"/> says, whatever operators force.</summary>
    public static VantageReport Of(string edge, HealthSnapshot health, ImmutableHashSet<string> hears) => new(
        edge,
        health.Regions.Select((region, i) => (health.Topology.Regions[i].Name, Sight: new RegionSight(region.Observed, region.Serves))).ToImmutableDictionary(one => one.Name, one => one.Sight),
        hears);
}

/// <summary>A region as one vantage point sees it.</summary>
/// <param name="State">What it observes.</param>
/// <param name="Serves">The state classes it sees served.</param>
public readonly record struct RegionSight(HealthState State, StateClasses Serves)
{
    /// <summary>The classes that requests could be sent for, as far as this vantage point sees.</summary>
    internal StateClasses Usable => State == HealthState.Up ? Serves : StateClasses.None;
}
