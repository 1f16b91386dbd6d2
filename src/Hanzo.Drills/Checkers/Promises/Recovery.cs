using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>How soon after a fault was mended the region that it befell answers its customers again.</summary>
internal sealed record Recovery(TimeSpan AtMost) : Promise("recovery")
{
    public override Finding Judge(DrillRecord record)
    {
        var regions = record.World.Regions.Select(region => region.Name).ToHashSet();
        var waits = record.Faults.Where(fault => fault.End is not null)
            .SelectMany(fault => fault.Targets.Where(regions.Contains).Select(region => (fault, region)))
            .Select(one => (one.fault, one.region, First: record.Samples.Where(sample => sample.Well && sample.Region == one.region && sample.At >= one.fault.End).Select(sample => (TimeSpan?)sample.At).Min()))
            .ToList();
        return new Finding(
            Name, "a mended region answers again", "seconds", false, AtMost.TotalSeconds,
            waits.Count == 0 ? null : waits.Max(wait => ((wait.First ?? record.Duration + AtMost) - wait.fault.End!.Value).TotalSeconds),
            [.. waits.Where(wait => wait.First is null || wait.First - wait.fault.End > AtMost).Select(wait =>
                $"{wait.region} was mended at {wait.fault.End!.Value.TotalSeconds:0.00} s and answered {(wait.First is { } first ? $"first at {first.TotalSeconds:0.00} s" : "nobody")}")],
            "health.failback, health.passive.ejectFor and health.probe.rise decide how soon a region is taken back.");
    }
}
