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
        Version = version;
        Regions = regions;
        Policy = policy;
        indexes = regions.Select((region, index) => (region.Name, index)).ToFrozenDictionary(p => p.Name, p => p.index, StringComparer.Ordinal);
    }

    /// <summary>Rises with every accepted configuration.</summary>
    public long Version { get; }

    /// <summary>The regions; a region's index here is its index everywhere in steering.</summary>
    public ImmutableArray<Region> Regions { get; }

    /// <summary>The rules.</summary>
    public SteeringPolicy Policy { get; }

    /// <summary>The index of the region <paramref name="name"/>, or -1.</summary>
    public int IndexOf(string name) => indexes.GetValueOrDefault(name, -1);
}
