using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>Every edge shows a value on its metrics page soon after each fault has begun.</summary>
internal sealed record Shown(string Metric, double Value, TimeSpan Within, string? Fault) : Promise("shown")
{
    public override Finding Judge(DrillRecord record)
    {
        var edges = record.World.Edges.Select(edge => edge.Name).ToList();
        var waits = record.Faults.Where(fault => Fault is null || fault.Text == Fault)
            .SelectMany(fault => edges.Select(edge => (fault, edge, Wait: WaitFor(record, fault, edge)))).ToList();
        return new Finding(
            Name, FormattableString.Invariant($"{Metric} becomes {Value}{(Fault is null ? "" : $" after {Fault}")}"), "seconds", false, Within.TotalSeconds,
            waits.Count == 0 ? null : waits.Max(wait => wait.Wait?.TotalSeconds ?? double.MaxValue) is < double.MaxValue and var longest ? longest : null,
            [.. waits.Where(wait => wait.Wait is null || wait.Wait > Within).Select(wait => $"{wait.edge} did not show it in time after {wait.fault.Text} at {wait.fault.Begin.TotalSeconds:0.00} s")],
            "Look at the log of the edge in the run directory.");
    }

    private TimeSpan? WaitFor(DrillRecord record, FaultSpan fault, string edge)
    {
        var readings = record.Metrics.Where(reading => reading.Edge == edge && (reading.Series == Metric || reading.Name == Metric)).ToList();
        return readings.Where(reading => reading.At >= fault.Begin && reading.Value == Value).Select(reading => (TimeSpan?)(reading.At - fault.Begin)).Min();
    }
}
