using System.Collections.Immutable;
using Hanzo.Drills.Checkers.Histories;
using Hanzo.Drills.Resolving;
using Hanzo.Drills.Traffic;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Runs;

/// <summary>Everything that a drill saw, for promises to be held against.</summary>
/// <param name="Duration">How long customers came.</param>
/// <param name="Metrics">What the edges said of themselves, whenever it changed.</param>
internal sealed record DrillRecord(
    WorldFile World, TimeSpan Duration, ImmutableArray<Sample> Samples, ImmutableArray<FaultSpan> Faults, ImmutableArray<MetricReading> Metrics)
{
    /// <summary>What the resolver told customers; none in a world without DNS.</summary>
    public ImmutableArray<Lookup> Lookups { get; init; } = [];

    /// <summary>The address of each edge, by its name.</summary>
    public ImmutableDictionary<string, string> EdgeAddresses { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What recording clients were told; none where there were none.</summary>
    public ImmutableArray<HistoryLine> History { get; init; } = [];

    /// <summary>What became of what customers bought, paid and told; null where nobody did.</summary>
    public ShopCount? Shop { get; init; }

    /// <summary>Every cart as every node knows it at the end; none where nobody filled one.</summary>
    public ImmutableArray<CartCount> Carts { get; init; } = [];

    /// <summary>How long after the last customer all nodes said the same; null when they did not.</summary>
    public TimeSpan? CartsConverged { get; init; }
}

/// <summary>A fault as it happened.</summary>
/// <param name="End">When it was mended; null where it was not, before the end.</param>
internal sealed record FaultSpan(string Kind, ImmutableArray<string> Targets, string Text, TimeSpan Begin, TimeSpan? End)
{
    /// <summary>Whether it lasted at a time, or had not been over for long.</summary>
    public bool Touches(TimeSpan at, TimeSpan settle) => at >= Begin && (End is not { } end || at < end + settle);
}

/// <summary>A value on an edge's metrics page from a time on.</summary>
/// <param name="Series">Name and labels, as the page writes them.</param>
internal sealed record MetricReading(TimeSpan At, string Edge, string Series, double Value)
{
    public string Name => Series.Split('{')[0];
}
