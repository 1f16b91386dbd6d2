using System.Collections.Immutable;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Health.Passive;

/// <summary>Judges the latencies of one window, each endpoint beside the others of its region. Only under the board's gate.</summary>
internal static class LatencyJudge
{
    /// <summary>Empties every endpoint's window and judges it.</summary>
    /// <returns>Every endpoint judged, with its health before.</returns>
    public static List<(ProbeTarget Target, EndpointHealth Before)> Judge(Roster roster, LatencyOptions options, ILogger log) =>
        [.. roster.Regions.SelectMany(region => Judge(region, options, log))];

    private static List<(ProbeTarget, EndpointHealth)> Judge(ImmutableArray<ProbeTarget> region, LatencyOptions options, ILogger log)
    {
        List<(ProbeTarget Target, (int Count, TimeSpan P95, TimeSpan P99) Window)> windows = [.. region.Select(target => (target, target.Latency.Take()))];
        List<(ProbeTarget, EndpointHealth)> judged = [];
        foreach (var (target, window) in windows)
        {
            var before = target.Health;
            List<TimeSpan> peers = [.. windows.Where(one => one.Target != target && one.Window.Count >= options.MinimumRequests).Select(one => one.Window.P99).Order()];
            if (window.Count >= options.MinimumRequests) target.P95 = window.P95;
            target.Judgement = target.Judgement.After(window.Count, window.P99, peers.Count == 0 ? null : peers[peers.Count / 2], options);
            if (target.Judgement.IsDegraded != before.IsDegraded)
                HealthLog.EndpointDegraded(log, target.Region, target.Endpoint.Name, before.IsDegraded ? "no longer degraded" : "degraded", window.P99.TotalMilliseconds, target.Judgement.Past?.TotalMilliseconds ?? 0);
            judged.Add((target, before));
        }
        return judged;
    }
}
