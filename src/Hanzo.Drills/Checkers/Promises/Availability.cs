using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>The share of customers' requests that went well: an answer, and no error.</summary>
internal sealed record Availability(double AtLeast, Whose Whose) : Promise("availability")
{
    public override Finding Judge(DrillRecord record)
    {
        var samples = Whose.In(record).ToList();
        return new Finding(
            Name, $"requests{Whose} go well", "share", true, AtLeast,
            samples.Count == 0 ? null : samples.Count(sample => sample.Well) / (double)samples.Count,
            [.. samples.Where(sample => !sample.Well).Take(MostEvidence).Select(sample => $"{sample}")],
            "Is failover of this route on (routes.ROUTE.failover), and is another region able to serve it? hanzo-edge explain --client says what was decided.");
    }
}
