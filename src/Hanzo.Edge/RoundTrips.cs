using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge;

/// <summary>The round-trip times to regions that the rankings in use were prepared with. Ranking again costs every place, so small changes are let pass.</summary>
/// <param name="ByRegion">Region name → smoothed round-trip time.</param>
internal sealed record RoundTrips(ImmutableDictionary<string, TimeSpan> ByRegion)
{
    /// <summary>How far around the edge its own figures speak for clients, in km: about 10 ms of a round trip by the fit of <see cref="LatencySource.Distance"/>.</summary>
    public const double RadiusKm = 500;

    private const double Share = 0.1;
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(2);

    /// <summary>Nothing measured yet.</summary>
    public static RoundTrips None { get; } = new(ImmutableDictionary<string, TimeSpan>.Empty);

    /// <summary>Whether <paramref name="now"/> names other regions, or one of them has moved by more than a tenth and 2 ms.</summary>
    public bool Moved(ImmutableDictionary<string, TimeSpan> now) =>
        now.Count != ByRegion.Count
        || now.Any(pair => !ByRegion.TryGetValue(pair.Key, out var before) || HasMoved(before, pair.Value));

    /// <summary>What steering is told of an edge at <paramref name="edge"/>; null where it is not known where the edge stands.</summary>
    public MeasuredLatency? At(GeoPoint? edge) => edge is { } here ? new MeasuredLatency(here, RadiusKm, ByRegion) : null;

    private static bool HasMoved(TimeSpan before, TimeSpan now)
    {
        var change = (now - before).Duration();
        return change > Least && change > before * Share;
    }
}
