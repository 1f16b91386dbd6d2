using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health;

/// <summary>What the board keeps of every endpoint, by the indexes of its topology.</summary>
internal sealed record Roster(Topology Topology, ImmutableArray<ImmutableArray<ProbeTarget>> Regions)
{
    /// <summary>All of them.</summary>
    public IEnumerable<ProbeTarget> Targets => Regions.SelectMany(region => region);

    /// <summary>Those of the region that <paramref name="target"/> is in; none where it is in none any more.</summary>
    public ImmutableArray<ProbeTarget> Beside(ProbeTarget target) => Regions.FirstOrDefault(region => region.Contains(target), []);

    /// <summary>When time alone changes one of them next, on the board's clock; null for never.</summary>
    public TimeSpan? NextChange => Targets
        .SelectMany(target => new[] { target.IsEjected ? target.Ejection.Until : null, target.SlowStart.NextStep })
        .Min();

    /// <summary>All of them as metrics see them.</summary>
    public List<EndpointReading> Read(HealthSnapshot snapshot, TimeProvider time)
    {
        var now = time.GetTimestamp();
        return
        [
            .. Regions.SelectMany((region, index) => region.Select(target => new EndpointReading(
                target.Region, snapshot.Regions[index].Observed, snapshot.Regions[index].Override, target.Endpoint.Name, target.Health,
                time.GetElapsedTime(target.LastProbed, now), target.RoundTrip.Smoothed))),
        ];
    }
}
