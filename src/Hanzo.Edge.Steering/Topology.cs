using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>The regions and the rules, as one validated configuration states them. Immutable; swapped whole.</summary>
public sealed class Topology
{
    /// <summary>Regions at most: sets of regions are kept in one 64-bit word.</summary>
    public const int MaxRegions = 64;

    private readonly FrozenDictionary<string, int> indexes;

    /// <summary>Takes what validation has let through.</summary>
    /// <param name="version">Rises with every accepted configuration.</param>
    /// <param name="regions">1 to <see cref="MaxRegions"/> regions with different names.</param>
    /// <param name="policy">The rules; they name only regions of <paramref name="regions"/>.</param>
    /// <exception cref="ArgumentException">There are no regions, too many, two of one name, or a rule names none of them.</exception>
    public Topology(long version, ImmutableArray<Region> regions, SteeringPolicy policy)
    {
        if (regions.IsDefaultOrEmpty || regions.Length > MaxRegions)
            throw new ArgumentException($"A topology has 1 to {MaxRegions} regions.", nameof(regions));
        if (regions.CountBy(region => region.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1).Key is { } twice)
            throw new ArgumentException($"Two regions are named {twice}.", nameof(regions));
        Version = version;
        Regions = regions;
        Policy = policy;
        AllRegions = ulong.MaxValue >> (MaxRegions - regions.Length);
        indexes = regions.Index().ToFrozenDictionary(region => region.Item.Name, region => region.Index, StringComparer.Ordinal);
        if (policy.NamedRegions.FirstOrDefault(name => IndexOf(name) < 0) is { } stranger)
            throw new ArgumentException($"A rule names the region {stranger}, which there is not.", nameof(policy));
    }

    /// <summary>Rises with every accepted configuration.</summary>
    public long Version { get; }

    /// <summary>The regions; a region's index here is its index everywhere in steering.</summary>
    public ImmutableArray<Region> Regions { get; }

    /// <summary>The rules.</summary>
    public SteeringPolicy Policy { get; }

    /// <summary>The index of the region <paramref name="name"/>, or -1.</summary>
    public int IndexOf(string name) => indexes.GetValueOrDefault(name, -1);

    /// <summary>Every region, one bit each.</summary>
    internal ulong AllRegions { get; }

    /// <summary>The regions of <paramref name="set"/>, one bit each.</summary>
    /// <summary>The regions in <paramref name="set"/>, one bit each by index.</summary>
    public ulong MaskOf(RegionSet set) =>
        Regions.Index().Where(region => set.Contains(region.Item.Name)).Aggregate(0UL, (mask, region) => mask | (1UL << region.Index));
}
