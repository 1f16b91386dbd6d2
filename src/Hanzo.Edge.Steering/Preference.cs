using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>A preference list by region index, each region once: where a rule repeats a name, its first position counts.</summary>
internal sealed class Preference(byte[] order)
{
    /// <summary>Nothing is preferred.</summary>
    public static Preference None { get; } = new([]);

    /// <summary>The preferred regions, first choice first.</summary>
    public byte[] Order { get; } = order;

    /// <summary>The preferred regions, one bit each.</summary>
    public ulong Regions { get; } = order.Aggregate(0UL, (set, region) => set | (1UL << region));

    public static Preference Of(ImmutableArray<string> names, Topology topology) =>
        new([.. names.Distinct(StringComparer.Ordinal).Select(name => (byte)topology.IndexOf(name))]);
}
