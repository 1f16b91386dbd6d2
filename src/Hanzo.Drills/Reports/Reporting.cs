using System.Collections.Immutable;
using Hanzo.Drills.Checkers.Promises;
using Hanzo.Drills.Runs;
using Hanzo.Drills.Traffic;

namespace Hanzo.Drills.Reports;

/// <summary>Makes the report of a drill from what it saw.</summary>
internal static class Reporting
{
    private const string NoRegion = "none";

    public static DrillReport Of(
        DrillFile drill, DrillRecord record, string? abortedBecause, int seed, string command, DateTimeOffset started,
        ImmutableSortedDictionary<string, string> configuration, string version)
    {
        var findings = drill.Promises.Select(promise => promise.Judge(record)).ToList();
        var outcome = abortedBecause is not null ? DrillOutcome.Aborted : findings.TrueForAll(finding => finding.Held) ? DrillOutcome.Passed : DrillOutcome.Failed;
        var seconds = record.Samples.GroupBy(sample => (int)sample.At.TotalSeconds).ToDictionary(second => second.Key, second => second.ToList());
        var (p50, p99, slowest) = Latencies(record.Samples);
        return new DrillReport(
            DrillReport.CurrentSchema, drill.Name, drill.Hypothesis, outcome, abortedBecause, seed, command, started, record.Duration.TotalSeconds, configuration, version,
            new Totals(record.Samples.Length, record.Samples.Count(sample => !sample.Well), p50, p99, slowest, ByRegion(record.Samples)),
            [.. findings.Select(PromiseReport.Of)],
            [.. record.Faults.Select(fault => new FaultReport(fault.Text, fault.Kind, fault.Targets, Seconds(fault.Begin), fault.End is { } end ? Seconds(end) : null))],
            [.. Enumerable.Range(0, (int)Math.Ceiling(record.Duration.TotalSeconds)).Select(second => Second(second, seconds.GetValueOrDefault(second) ?? []))]);
    }

    private static SecondReport Second(int second, List<Sample> samples)
    {
        var (p50, p99, slowest) = Latencies(samples);
        return new SecondReport(second, samples.Count, samples.Count(sample => !sample.Well), p50, p99, slowest, ByRegion(samples));
    }

    private static ImmutableSortedDictionary<string, int> ByRegion(IEnumerable<Sample> samples) =>
        samples.GroupBy(sample => sample.Region ?? NoRegion).ToImmutableSortedDictionary(region => region.Key, region => region.Count(), StringComparer.Ordinal);

    private static (double P50, double P99, double Slowest) Latencies(IEnumerable<Sample> samples)
    {
        var sorted = samples.Select(sample => Math.Round(sample.Latency.TotalMilliseconds, 1)).Order().ToList();
        return sorted.Count == 0 ? (0, 0, 0) : (At(0.5), At(0.99), sorted[^1]);

        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
