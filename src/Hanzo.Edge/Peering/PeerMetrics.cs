using System.Diagnostics.Metrics;
using Hanzo.Edge.Health.Vantage;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Peering;

/// <summary>What peering counts.</summary>
internal sealed class PeerMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> reports;

    public PeerMetrics(IMeterFactory meters, VantageDesk desk, Func<VantageView?> view)
    {
        meter = meters.Create("Hanzo.Edge.Peering");
        reports = meter.CreateCounter<long>("hanzo_edge_peer_reports_total", description: "Reports that came from other edges, by what became of them.");
        meter.CreateObservableGauge("hanzo_edge_peer_age_seconds", () => desk.Ages().Select(age => new Measurement<double>(age.Value.TotalSeconds, new KeyValuePair<string, object?>("peer", age.Key))), "s", "Time since another edge was heard.");
        meter.CreateObservableGauge("hanzo_edge_peer_fresh_seconds", () => desk.FreshFor.TotalSeconds, "s", "How old a report may be and still count.");
        meter.CreateObservableGauge("hanzo_edge_vantage_quorum", () => view() is { HasQuorum: false } ? 0 : 1, description: "1 while enough vantage points are heard to withdraw a region from DNS.");
        meter.CreateObservableGauge("hanzo_edge_vantage_withdrawn", () => view() is { } now ? now.Withdrawn.SelectMany(Measure) : [], description: "1 for a state class of a region that the vantage points together have withdrawn from DNS.");
    }

    public void Heard(PeerRefusal refusal) =>
        reports.Add(1, new KeyValuePair<string, object?>("result", refusal == PeerRefusal.None ? "taken" : Enum.GetName(refusal)!.ToLowerInvariant()));

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<int>> Measure(KeyValuePair<string, StateClasses> region) =>
        Enum.GetValues<StateClass>().Where(state => region.Value.HasFlag((StateClasses)(1 << (int)state))).Select(state => new Measurement<int>(1, new("region", region.Key), new("state", state.Code())));
}
