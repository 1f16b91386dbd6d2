using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>A region: endpoints that stand together, fail together and hold the same state.</summary>
public sealed record Region
{
    /// <summary>The region's name, unique in the topology: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required GeoPoint Location { get; init; }

    /// <summary>Where its requests go; at least one.</summary>
    public required ImmutableArray<RegionEndpoint> Endpoints { get; init; }

    /// <summary>Its share among regions inside one tie band, 0 to 1000; 0 takes requests only when nothing else in the band can. Default 100.</summary>
    public int Weight { get; init; } = 100;

    /// <summary>What it can carry, or null for no bound.</summary>
    public RegionCapacity? Capacity { get; init; }

    /// <summary>Taken out by the configuration: no new requests.</summary>
    public bool Drained { get; init; }
}

/// <summary>One address of a region.</summary>
/// <param name="Name">Unique in the topology; metrics and receipts say it.</param>
/// <param name="Address">Scheme, host and port requests are sent to.</param>
/// <param name="Weight">Its share of the region's requests, 1 to 1000.</param>
public sealed record RegionEndpoint(string Name, Uri Address, int Weight = 100)
{
    /// <summary>The name it was found by, where <see cref="Address"/> holds a number: what probes call it. Null where the address says it.</summary>
    public string? Host { get; init; }

    /// <summary>The lower, the sooner it is used: one of a higher number stands by until none of a lower is up. 0 to 65535; default 0.</summary>
    public int Priority { get; init; }
}

/// <summary>What a region can carry at once from one edge.</summary>
/// <param name="InFlight">Requests under way at most, or null for no bound.</param>
/// <param name="PerSecond">Requests started per second at most, or null for no bound.</param>
/// <param name="Isolate">Whether what it cannot carry is refused, and not sent to the next region.</param>
public sealed record RegionCapacity(int? InFlight, int? PerSecond, bool Isolate = false);
