using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>The share of good answers that came from the region nearest to the customer.</summary>
internal sealed record NearestShare(double AtLeast, Whose Whose) : Promise("nearest")
{
    public override Finding Judge(DrillRecord record)
    {
        var nearest = new NearestRegion(record.World.Regions);
        var samples = Whose.In(record).Where(sample => sample.Well).ToList();
        var elsewhere = samples.Where(sample => sample.Region is null || !nearest.Of(sample.Arrival.Customer).Contains(sample.Region)).ToList();
        return new Finding(
            Name, $"answers{Whose} come from the nearest region", "share", true, AtLeast,
            samples.Count == 0 ? null : 1 - elsewhere.Count / (double)samples.Count,
            [.. elsewhere.Take(MostEvidence).Select(sample => $"{sample}; nearest is {nearest.Ranked(sample.Arrival.Customer)[0]}")],
            "Is the location database in use the right one (hanzo_edge_geo_build_timestamp_seconds), and is the nearest region up and not drained?");
    }
}
