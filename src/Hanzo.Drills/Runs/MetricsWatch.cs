using System.Collections.Immutable;
using System.Globalization;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Runs;

/// <summary>Reads the edges' metrics pages again and again, and keeps what changes of the series that promises look at.</summary>
internal sealed class MetricsWatch(ImmutableArray<EdgePlan> edges, HttpClient client, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Beginnings of the names that are kept.</summary>
    private static readonly string[] Kept =
    [
        "hanzo_edge_failovers_total", "hanzo_edge_config_", "hanzo_edge_geo_", "hanzo_edge_region_state", "hanzo_edge_attempts_", "hanzo_edge_retry_budget_",
        "hanzo_edge_failover_bound_seconds", "hanzo_edge_failover_seconds_sum", "hanzo_edge_failover_seconds_count",
    ];

    private readonly Dictionary<(string Edge, string Series), double> _latest = [];
    private readonly List<MetricReading> _readings = [];

    public ImmutableArray<MetricReading> Readings => [.. _readings];

    public async Task Watch(long started, CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await Read(started, cancellation);
                await Task.Delay(Pause, time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Watched long enough.
            return;
        }
    }

    /// <summary>Reads once. An edge that does not answer is skipped: drills end edges, too.</summary>
    public async Task Read(long started, CancellationToken cancellation)
    {
        foreach (var edge in edges)
        {
            try
            {
                Keep(edge.Name, await client.GetStringAsync($"{edge.AdminUrl}/metrics", cancellation), time.GetElapsedTime(started));
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                continue;
            }
        }
    }

    private void Keep(string edge, string page, TimeSpan at)
    {
        foreach (var line in page.Split('\n'))
        {
            if (line.LastIndexOf(' ') is not (> 0 and var end) || !Array.Exists(Kept, name => line.StartsWith(name, StringComparison.Ordinal))
                || !double.TryParse(line.AsSpan(end + 1), CultureInfo.InvariantCulture, out var value))
                continue;
            var key = (edge, line[..end]);
            if (_latest.TryGetValue(key, out var old) && old == value)
                continue;
            _latest[key] = value;
            _readings.Add(new MetricReading(at, edge, key.Item2, value));
        }
    }
}
