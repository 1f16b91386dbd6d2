using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>Configured round-trip times from where clients are to regions, by country or continent.</summary>
/// <param name="ByCountry">Country code → region name → round-trip time.</param>
/// <param name="ByContinent">Continent code → region name → round-trip time; used where the country has no figure for the region.</param>
public sealed record LatencyMap(
    ImmutableDictionary<string, ImmutableDictionary<string, TimeSpan>> ByCountry,
    ImmutableDictionary<string, ImmutableDictionary<string, TimeSpan>> ByContinent)
{
    /// <summary>No figures: every estimate comes from distance.</summary>
    public static LatencyMap Empty { get; } = new(
        ImmutableDictionary<string, ImmutableDictionary<string, TimeSpan>>.Empty,
        ImmutableDictionary<string, ImmutableDictionary<string, TimeSpan>>.Empty);
}

/// <summary>Round-trip times an edge measured itself. They speak for clients near that edge: those the ranking finds within <see cref="RadiusKm"/> of it.</summary>
/// <param name="Edge">Where the measuring edge stands.</param>
/// <param name="RadiusKm">How far around the edge its figures hold, in km; default 500.</param>
/// <param name="ByRegion">Region name → measured round-trip time.</param>
public sealed record MeasuredLatency(GeoPoint Edge, double RadiusKm, ImmutableDictionary<string, TimeSpan> ByRegion);

/// <summary>Where the estimate of a region's latency comes from.</summary>
public enum LatencySource : byte
{
    /// <summary>Neither the client's place nor any figure is known.</summary>
    None,

    /// <summary>Great-circle distance, by the fit RTT = 28 ms + 0.0167 ms per km.</summary>
    Distance,

    /// <summary>The configuration's figure for the continent.</summary>
    Continent,

    /// <summary>The configuration's figure for the country.</summary>
    Country,

    /// <summary>Measured by this edge, near which the client is.</summary>
    Measured,
}
