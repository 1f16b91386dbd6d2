using System.Collections.Concurrent;

namespace Hanzo.Edge.Proxying.Capacity;

/// <summary>The loads of regions by name. They outlive configurations and are shared by all routes: a region does not care which route fills it.</summary>
internal sealed class RegionLoads(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RegionLoad> loads = new(StringComparer.Ordinal);

    /// <summary>The load of the region <paramref name="name"/>.</summary>
    public RegionLoad Of(string name) => loads.GetOrAdd(name, _ => new RegionLoad(time));
}
