using System.Diagnostics.Metrics;

namespace Hanzo.Edge.Discovery;

/// <summary>What discovery counts.</summary>
internal sealed class DiscoveryMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> lookups;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="watch">Reads the pools: source, endpoints, and the time since the last good answer.</param>
    public DiscoveryMetrics(IMeterFactory meters, Func<IEnumerable<(DnsSource Source, int Endpoints, TimeSpan Age)>> watch)
    {
        meter = meters.Create("Hanzo.Edge.Discovery");
        lookups = meter.CreateCounter<long>("hanzo_edge_discovery_lookups_total", description: "Lookups of upstream names by result.");
        meter.CreateObservableGauge("hanzo_edge_discovery_endpoints", () => watch().Select(one => new Measurement<int>(one.Endpoints, Tags(one.Source))), description: "Endpoints that a name gives at the moment.");
        meter.CreateObservableGauge("hanzo_edge_discovery_age_seconds", () => watch().Select(one => new Measurement<double>(one.Age.TotalSeconds, Tags(one.Source))), "s", "Time since the last good answer for a name, or since it was configured.");
    }

    public void LookedUp(DnsSource source, bool isGood) => lookups.Add(1, [.. Tags(source), new("result", isGood ? "good" : "failed")]);

    public void Dispose() => meter.Dispose();

    private static KeyValuePair<string, object?>[] Tags(DnsSource source) => [new("region", source.Region), new("name", source.Name), new("type", source.Type.ToString().ToUpperInvariant())];
}
