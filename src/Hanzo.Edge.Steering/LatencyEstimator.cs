using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>
/// Estimates the round-trip time from a place to each region and orders them by it. The best figure there is counts:
/// measured by this edge, configured for the country, configured for the continent, fitted to the distance.
/// </summary>
internal sealed class LatencyEstimator
{
    // A line through the public inter-region round trips of large clouds: light in fibre takes 0.01 ms per km and return,
    // cables are longer than great circles, and the intercept is access networks and routers.
    private const double FitInterceptMs = 28;
    private const double FitMsPerKm = 0.0167;

    private readonly GeoPoint[] locations;
    private readonly uint[] nameOrder;
    private readonly ulong[] keys;
    private readonly float[] measuredMs;
    private readonly MeasuredLatency? measured;

    public LatencyEstimator(ImmutableArray<Region> regions, MeasuredLatency? measured)
    {
        this.measured = measured;
        locations = [.. regions.Select(region => region.Location)];
        keys = new ulong[regions.Length];
        nameOrder = new uint[regions.Length];
        var order = 0u;
        foreach (var (index, _) in regions.Index().OrderBy(region => region.Item.Name, StringComparer.Ordinal))
            nameOrder[index] = order++;
        measuredMs = [.. regions.Select(region =>
            measured is not null && measured.ByRegion.TryGetValue(region.Name, out var latency) ? (float)latency.TotalMilliseconds : float.NaN)];
    }

    /// <summary>Fills <paramref name="row"/> with every region, nearest first; of equals, and where nothing is known, by name.</summary>
    public void Rank(Place place, AreaRules area, Span<Candidate> row)
    {
        var near = measured is not null && place.Location?.DistanceKmTo(measured.Edge) <= measured.RadiusKm;
        for (var region = 0; region < row.Length; region++)
        {
            var distanceKm = place.Location?.DistanceKmTo(locations[region]) ?? double.NaN;
            var (estimateMs, source) = Estimate(near, area, region, distanceKm);
            row[region] = new((byte)region, default, source, estimateMs, (float)distanceKm);
            // The bits of floats that are not negative order as their values do.
            keys[region] = (ulong)(float.IsNaN(estimateMs) ? uint.MaxValue : BitConverter.SingleToUInt32Bits(estimateMs)) << 32 | nameOrder[region];
        }
        keys.AsSpan().Sort(row);
    }

    private (float Ms, LatencySource Source) Estimate(bool near, AreaRules area, int region, double distanceKm)
    {
        if (near && !float.IsNaN(measuredMs[region])) return (measuredMs[region], LatencySource.Measured);
        if (!float.IsNaN(area.FigureMs[region])) return (area.FigureMs[region], area.FigureSource[region]);
        if (!double.IsNaN(distanceKm)) return ((float)(FitInterceptMs + FitMsPerKm * distanceKm), LatencySource.Distance);
        return (float.NaN, LatencySource.None);
    }
}
