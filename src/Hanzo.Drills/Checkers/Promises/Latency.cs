using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>A percentile of the time from when a customer came to the end of a good answer.</summary>
/// <param name="Percentile">0 to 100; 100 is the slowest.</param>
internal sealed record Latency(double Percentile, TimeSpan AtMost, Whose Whose) : Promise("latency")
{
    public override Finding Judge(DrillRecord record)
    {
        var samples = Whose.In(record).Where(sample => sample.Well).OrderBy(sample => sample.Latency).ToList();
        var rank = (int)Math.Ceiling(Percentile / 100 * samples.Count) - 1;
        return new Finding(
            Name, $"p{Percentile:0.###} of requests{Whose}", "seconds", false, AtMost.TotalSeconds,
            samples.Count == 0 ? null : samples[Math.Clamp(rank, 0, samples.Count - 1)].Latency.TotalSeconds,
            [.. samples.Where(sample => sample.Latency > AtMost).OrderBy(sample => sample.At).Take(MostEvidence).Select(sample => $"{sample}")],
            "Compare routes.ROUTE.failover.attemptTimeout with the bound: each attempt at a region that does not answer takes that long.");
    }
}
