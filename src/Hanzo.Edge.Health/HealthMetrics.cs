using System.Diagnostics.Metrics;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health;

/// <summary>What health counts. Instruments carry their Prometheus names whole, so that no exporter has to compose them.</summary>
internal sealed class HealthMetrics : IDisposable
{
    public const string MeterName = "Hanzo.Edge.Health";

    private readonly Meter meter;
    private readonly Counter<long> probes;
    private readonly Histogram<double> duration;
    private readonly Counter<long> loopErrors;
    private readonly Counter<long> endpointTransitions;
    private readonly Counter<long> regionTransitions;
    private readonly Counter<long> ejections;
    private readonly Counter<long> snapshots;
    private readonly Histogram<double> failoverTime;
    private readonly Counter<long> failovers;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="watch">Reads the board when metrics are collected.</param>
    /// <param name="options">Reads the options in use.</param>
    public HealthMetrics(IMeterFactory meters, Func<IEnumerable<EndpointReading>> watch, Func<HealthOptions> options)
    {
        meter = meters.Create(MeterName);
        probes = meter.CreateCounter<long>("hanzo_edge_probes_total", description: "Probes by endpoint and result.");
        duration = meter.CreateHistogram("hanzo_edge_probe_duration_seconds", "s", "Time a probe took, connecting included.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });
        loopErrors = meter.CreateCounter<long>("hanzo_edge_probe_loop_errors_total", description: "Probes that failed by a defect of the edge.");
        endpointTransitions = meter.CreateCounter<long>("hanzo_edge_endpoint_transitions_total", description: "Changes of an endpoint's state.");
        regionTransitions = meter.CreateCounter<long>("hanzo_edge_region_transitions_total", description: "Changes of a region's state.");
        ejections = meter.CreateCounter<long>("hanzo_edge_endpoint_ejections_total", description: "Times that failed requests took an endpoint out.");
        snapshots = meter.CreateCounter<long>("hanzo_edge_health_snapshots_total", description: "Health snapshots published.");
        failoverTime = meter.CreateHistogram("hanzo_edge_failover_seconds", "s", "Time from the first failure seen of an endpoint to the snapshot without it (published) and to the last request sent there (last-request).", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60],
        });
        failovers = meter.CreateCounter<long>("hanzo_edge_failovers_total", description: "Failovers measured, by whether they kept the configuration's bound.");
        meter.CreateObservableGauge("hanzo_edge_failover_bound_seconds", () => Bounds(options().Failover), "s", "The longest a failover may take by the configuration's promise.");
        meter.CreateObservableGauge("hanzo_edge_probe_interval_seconds", () => options().Probe.Interval.TotalSeconds, "s", "Configured time from the start of one probe to the start of the next.");
        meter.CreateObservableGauge("hanzo_edge_endpoint_share", () => watch().Select(Share), description: "The part of an endpoint's weight that counts at the moment: 0 while it is not up, less than 1 in slow start and while it is degraded.");
        meter.CreateObservableGauge("hanzo_edge_endpoint_degraded", () => watch().Select(Degraded), description: "1 for an endpoint that answers much slower than it did and than its peers do.");
        meter.CreateObservableGauge("hanzo_edge_probe_age_seconds", () => watch().Select(Age), "s", "Time since the last finished probe; grows when a probe loop has stopped.");
        meter.CreateObservableGauge("hanzo_edge_endpoint_round_trip_seconds", () => watch().Where(reading => reading.RoundTrip is not null).Select(RoundTrip), "s", "Smoothed round-trip time to an endpoint, from the handshakes of probes.");
        meter.CreateObservableGauge("hanzo_edge_endpoint_state", () => watch().SelectMany(EndpointStates), description: "1 for the state an endpoint is in, 0 for the others.");
        meter.CreateObservableGauge("hanzo_edge_region_state", () => watch().DistinctBy(reading => reading.Region).SelectMany(RegionStates), description: "1 for the state a region is observed to be in, 0 for the others.");
        meter.CreateObservableGauge("hanzo_edge_region_override", () => watch().DistinctBy(reading => reading.Region).SelectMany(RegionOverrides), description: "1 for what an operator has forced a region to, 0 for the others; none where probes and requests decide.");
    }

    /// <summary>
    /// Makes the counters that alerts watch begin at 0: Prometheus sees no increase in a series that begins with its first event.
    /// </summary>
    public void Begin(string region, string endpoint)
    {
        loopErrors.Add(0, new("region", region), new("endpoint", endpoint));
        foreach (var until in (string[])["published", "last-request"])
            foreach (var within in (string[])["yes", "no"])
                failovers.Add(0, new("region", region), new("until", until), new("within", within));
    }

    public void Probed(string region, string endpoint, ProbeResult result, TimeSpan took)
    {
        probes.Add(1, new("region", region), new("endpoint", endpoint), new("result", result.Label()));
        duration.Record(took.TotalSeconds, new("region", region), new("endpoint", endpoint));
    }

    public void LoopFailed(string region, string endpoint) => loopErrors.Add(1, new("region", region), new("endpoint", endpoint));

    public void EndpointChanged(string region, string endpoint, HealthState to) =>
        endpointTransitions.Add(1, new("region", region), new("endpoint", endpoint), new("to", to.Code()));

    public void RegionChanged(string region, HealthState to) => regionTransitions.Add(1, new("region", region), new("to", to.Code()));

    public void Ejected(string region, string endpoint) => ejections.Add(1, new("region", region), new("endpoint", endpoint));

    public void FailedOver(string region, string until, TimeSpan took, bool within)
    {
        failoverTime.Record(took.TotalSeconds, new("region", region), new("until", until));
        failovers.Add(1, new("region", region), new("until", until), new("within", within ? "yes" : "no"));
    }

    public void Published() => snapshots.Add(1);

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<double>> Bounds(FailoverLimits limits)
    {
        if (limits.Publication is { } publication) yield return new(publication.TotalSeconds, new KeyValuePair<string, object?>("until", "published"));
        if (limits.LastRequest is { } last) yield return new(last.TotalSeconds, new KeyValuePair<string, object?>("until", "last-request"));
    }

    private static Measurement<double> Share(EndpointReading reading) => new(reading.Health.State == HealthState.Up ? reading.Health.Share : 0, Tags(reading));

    private static Measurement<int> Degraded(EndpointReading reading) => new(reading.Health.IsDegraded ? 1 : 0, Tags(reading));

    private static Measurement<double> Age(EndpointReading reading) => new(reading.ProbeAge.TotalSeconds, Tags(reading));

    private static Measurement<double> RoundTrip(EndpointReading reading) => new(reading.RoundTrip!.Value.TotalSeconds, Tags(reading));

    private static IEnumerable<Measurement<int>> EndpointStates(EndpointReading reading) =>
        HealthStateNames.All.Select(state => new Measurement<int>(reading.Health.State == state ? 1 : 0, [.. Tags(reading), new("state", state.Code())]));

    private static IEnumerable<Measurement<int>> RegionStates(EndpointReading reading) =>
        HealthStateNames.All.Select(state => new Measurement<int>(reading.RegionState == state ? 1 : 0, new("region", reading.Region), new("state", state.Code())));

    private static IEnumerable<Measurement<int>> RegionOverrides(EndpointReading reading) =>
        Enum.GetValues<RegionOverride>().Select(kind => new Measurement<int>(reading.Override == kind ? 1 : 0, new("region", reading.Region), new("override", kind.Code())));

    private static KeyValuePair<string, object?>[] Tags(EndpointReading reading) => [new("region", reading.Region), new("endpoint", reading.Endpoint)];
}

/// <summary>One endpoint as metrics see it.</summary>
internal readonly record struct EndpointReading(string Region, HealthState RegionState, RegionOverride Override, string Endpoint, EndpointHealth Health, TimeSpan ProbeAge, TimeSpan? RoundTrip);

/// <summary>The states there are, in the order of their numbers.</summary>
internal static class HealthStateNames
{
    public static HealthState[] All { get; } = Enum.GetValues<HealthState>();
}
