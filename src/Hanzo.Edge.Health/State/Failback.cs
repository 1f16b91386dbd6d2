using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.State;

/// <summary>Holds regions back that came up again just now, as long as another one can take their requests. Touched only under the board's gate.</summary>
internal sealed class Failback
{
    private readonly Dictionary<string, RegionTrack> tracks = [];

    /// <summary>When the next region is taken back, on the board's clock; null where none is held.</summary>
    public TimeSpan? NextEnd => tracks.Values.Min(track => track.HeldUntil);

    /// <summary>The same regions with those that are held back down.</summary>
    /// <param name="topology">The topology.</param>
    /// <param name="regions">What endpoints and overrides say.</param>
    /// <param name="now">The time on the board's clock.</param>
    /// <param name="delay">How long a region is held back.</param>
    /// <param name="timestampAt">The timestamp of a time on the board's clock.</param>
    public ImmutableArray<RegionHealth> Apply(Topology topology, ImmutableArray<RegionHealth> regions, TimeSpan now, TimeSpan delay, Func<TimeSpan, long> timestampAt)
    {
        foreach (var gone in tracks.Keys.Where(name => topology.IndexOf(name) < 0).ToList()) tracks.Remove(gone);
        List<RegionTrack> tracked = [.. topology.Regions.Select(region => CollectionsMarshal.GetValueRefOrAddDefault(tracks, region.Name, out _) ??= new RegionTrack())];
        for (var i = 0; i < regions.Length; i++) tracked[i].Take(regions[i].Observed, now, delay);
        var isOneLeft = regions.Where((region, i) => tracked[i].HeldUntil is null && region.IsUp && region.Override != RegionOverride.Drained && !topology.Regions[i].Drained).Any();
        if (!isOneLeft) tracked.ForEach(track => track.Release());
        return [.. regions.Select((region, i) => tracked[i].HeldUntil is { } until ? region with { Observed = HealthState.Down, ChangesAt = timestampAt(until) } : region)];
    }
}
