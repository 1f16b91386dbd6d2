using System.Globalization;
using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>What the edges measured of themselves: no failover took longer than the configuration promises, and there was one.</summary>
internal sealed record Budget() : Promise("budget")
{
    private const string Failovers = "hanzo_edge_failovers_total";

    public override Finding Judge(DrillRecord record)
    {
        var last = record.Metrics.Where(reading => reading.Name == Failovers)
            .GroupBy(reading => (reading.Edge, reading.Series))
            .Select(series => series.MaxBy(reading => reading.At)!)
            .Where(reading => reading.Value > 0).ToList();
        var over = last.Where(reading => reading.Series.Contains("within=\"no\"", StringComparison.Ordinal)).ToList();
        return new Finding(
            Name, "failovers that the edges themselves measured over their bound", "count", false, 0,
            last.Count == 0 ? null : over.Sum(reading => reading.Value),
            [.. over.Select(reading => $"{reading.Edge}: {reading.Series} {reading.Value.ToString(CultureInfo.InvariantCulture)}")],
            "The edge logs each failover with its terms; docs/runbooks/failover-over-bound.md says what to change.");
    }
}
