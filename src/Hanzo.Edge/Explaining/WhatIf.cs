using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Explaining;

/// <summary>A state of the world that is not: regions supposed up, down or drained.</summary>
internal static class WhatIf
{
    /// <summary>The words for what a region may be supposed to be.</summary>
    public const string Words = "REGION=up, REGION=down or REGION=drained";

    /// <summary>The same snapshot with <paramref name="suppositions"/> in force, or null with what is wrong with one.</summary>
    public static EdgeSnapshot? Apply(EdgeSnapshot snapshot, IEnumerable<string> suppositions, out string? wrong)
    {
        wrong = null;
        var health = snapshot.World.Health;
        var regions = health.Regions;
        foreach (var supposition in suppositions)
        {
            if (supposition.Split('=') is not [var name, var word] || Forced(word) is not { } forced)
            {
                wrong = $"'{supposition}' supposes nothing: say {Words}.";
                return null;
            }
            var index = health.Topology.IndexOf(name);
            if (index < 0)
            {
                wrong = $"There is no region '{name}'; the regions are {string.Join(", ", health.Topology.Regions.Select(region => region.Name))}.";
                return null;
            }
            regions = regions.SetItem(index, regions[index] with { Override = forced });
        }
        return regions == health.Regions ? snapshot : snapshot.With(new HealthSnapshot(health.Version, health.Topology, regions));
    }

    private static RegionOverride? Forced(string word) => word switch
    {
        "up" => RegionOverride.ForcedUp,
        "down" => RegionOverride.ForcedDown,
        "drained" => RegionOverride.Drained,
        _ => null,
    };
}
