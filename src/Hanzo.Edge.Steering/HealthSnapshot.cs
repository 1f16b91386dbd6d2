using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>What is known of the health of every region of one topology at one moment. Immutable; swapped whole by the health board.</summary>
public sealed class HealthSnapshot
{
    private readonly ulong[] serving = new ulong[3];
    private readonly ulong[] lacking = new ulong[3];
    private readonly double[] carried;

    /// <summary>States the health of each region of <paramref name="topology"/>, by its index.</summary>
    /// <exception cref="ArgumentException">There is not one entry for each region.</exception>
    public HealthSnapshot(long version, Topology topology, ImmutableArray<RegionHealth> regions)
    {
        if (regions.Length != topology.Regions.Length)
            throw new ArgumentException($"{topology.Regions.Length} regions, but {regions.Length} states.", nameof(regions));
        Version = version;
        Topology = topology;
        Regions = regions;
        carried = new double[regions.Length];
        for (var i = 0; i < regions.Length; i++)
        {
            var bit = 1UL << i;
            var region = regions[i];
            carried[i] = region.Override == RegionOverride.ForcedUp ? 1 : Math.Min(1, region.Share * topology.Policy.OverflowFactor);
            if (carried[i] < 1) Partial |= bit;
            if (region.IsUp && region.Serving != StateClasses.None) Healthy |= bit;
            if (region.Override == RegionOverride.Drained || topology.Regions[i].Drained) Drained |= bit;
            if (region.Override == RegionOverride.ForcedDown) ForcedDown |= bit;
            for (var c = 0; c < serving.Length; c++)
                if (((int)region.Serving & (1 << c)) != 0) serving[c] |= bit;
                else if (region.Serving != StateClasses.None) lacking[c] |= bit;
        }
    }

    /// <summary>Rises with every published snapshot.</summary>
    public long Version { get; }

    /// <summary>The topology whose regions this speaks of.</summary>
    public Topology Topology { get; }

    /// <summary>One entry a region, by its index in the topology.</summary>
    public ImmutableArray<RegionHealth> Regions { get; }

    /// <summary>The regions that are up and serve some state class, one bit each.</summary>
    public ulong Healthy { get; }

    /// <summary>The regions drained by the configuration or by an operator, one bit each.</summary>
    public ulong Drained { get; }

    /// <summary>The regions an operator has forced down, one bit each.</summary>
    public ulong ForcedDown { get; }

    /// <summary>The regions that carry only a part of their clients, one bit each.</summary>
    public ulong Partial { get; }

    /// <summary>The part of its clients that a region carries, 0 to 1.</summary>
    public double Carried(int region) => carried[region];

    /// <summary>The regions able to serve <paramref name="state"/>, one bit each.</summary>
    public ulong Serving(StateClass state) => serving[(int)state];

    /// <summary>The regions that serve other state classes but not <paramref name="state"/>, one bit each.</summary>
    public ulong Lacking(StateClass state) => lacking[(int)state];

    /// <summary>Whether every decision by this is the same as by <paramref name="other"/>: nothing that steering reads is different.</summary>
    public bool DecidesLike(HealthSnapshot other) =>
        ReferenceEquals(Topology, other.Topology) && Healthy == other.Healthy && Drained == other.Drained && ForcedDown == other.ForcedDown
        && serving.AsSpan().SequenceEqual(other.serving) && lacking.AsSpan().SequenceEqual(other.lacking) && carried.AsSpan().SequenceEqual(other.carried);

    /// <summary>Every region up and serving everything: what a caller without observations assumes (offline explanations, tests).</summary>
    public static HealthSnapshot AllUp(Topology topology) => new(0, topology,
        [.. topology.Regions.Select(region => new RegionHealth(HealthState.Up, StateClasses.All, [.. region.Endpoints.Select(_ => EndpointHealth.Up)]))]);
}

/// <summary>The health of one region.</summary>
/// <param name="Observed">What probes and requests say, whatever an operator forces.</param>
/// <param name="Serves">The state classes it is observed to serve.</param>
/// <param name="Endpoints">One entry an endpoint, by its index in the region.</param>
/// <param name="Override">What an operator has forced.</param>
public sealed record RegionHealth(
    HealthState Observed,
    StateClasses Serves,
    ImmutableArray<EndpointHealth> Endpoints,
    RegionOverride Override = RegionOverride.None)
{
    /// <summary>Share of the region's endpoint weight that is fit, 0 to 1: an endpoint that is down counts nothing, one in slow start or degraded counts in part. Default 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The earliest moment at which what is under way (failed probes, good ones after a fall, a return held back) may change the verdict, as a timestamp of the clock that observes; null while nothing is.</summary>
    public long? ChangesAt { get; init; }

    /// <summary>Whether requests may be sent here: observed up or forced up, and not forced down.</summary>
    public bool IsUp => Override switch
    {
        RegionOverride.ForcedUp => true,
        RegionOverride.ForcedDown => false,
        _ => Observed == HealthState.Up,
    };

    /// <summary>The state classes requests may be sent here for: all of them where an operator has forced the region up.</summary>
    public StateClasses Serving => Override == RegionOverride.ForcedUp ? StateClasses.All : Serves;
}

/// <summary>The health of one endpoint.</summary>
/// <param name="State">What is known of it.</param>
/// <param name="Serves">The state classes it reports.</param>
/// <param name="Share">The part of its weight that counts at the moment, above 0 to 1: less in slow start and while it is degraded.</param>
/// <param name="IsDegraded">Whether it answers much slower than it did and than its peers do: used less, not taken out.</param>
/// <param name="IsStandby">Whether it waits for those of a better priority to be gone.</param>
public readonly record struct EndpointHealth(HealthState State, StateClasses Serves, double Share = 1, bool IsDegraded = false, bool IsStandby = false)
{
    /// <summary>Whether requests go there while its region is used.</summary>
    public bool IsUsed => State == HealthState.Up && !IsStandby;

    /// <summary>A weight with the share taken, in hundredths so that small weights keep their proportions; at least 1.</summary>
    public int Weigh(int weight) => Math.Max(1, (int)(weight * 100 * Share));

    /// <summary>Up and serving everything.</summary>
    public static EndpointHealth Up { get; } = new(HealthState.Up, StateClasses.All);
}

/// <summary>What observation says.</summary>
public enum HealthState : byte
{
    /// <summary>Not probed yet.</summary>
    Unknown,

    /// <summary>Fit to serve.</summary>
    Up,

    /// <summary>Not fit to serve.</summary>
    Down,
}

/// <summary>What an operator has forced.</summary>
public enum RegionOverride : byte
{
    /// <summary>Nothing: observation decides.</summary>
    None,

    /// <summary>No new requests; those under way finish.</summary>
    Drained,

    /// <summary>Up, whatever probes say.</summary>
    ForcedUp,

    /// <summary>Down, whatever probes say.</summary>
    ForcedDown,
}
