using Hanzo.Drills.Runs;
using Hanzo.Drills.Traffic;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>
/// From outside: how long after a fault customers still came who failed, or who belong to the region that it befell and had to
/// wait. The longest of all faults counts. Who waits elsewhere waits for something else, which the latency promises judge.
/// </summary>
/// <param name="SlowerThan">From when on an answer counts as waited for.</param>
internal sealed record Failover(TimeSpan AtMost, TimeSpan SlowerThan, Whose Whose) : Promise("failover")
{
    public override Finding Judge(DrillRecord record)
    {
        var samples = Whose.In(record).ToList();
        var nearest = new NearestRegion(record.World.Regions);
        var regions = record.World.Regions.Select(region => region.Name).ToHashSet();
        var disturbed = record.Faults
            .Select(fault => (Fault: fault, Samples: samples.Where(sample => fault.Touches(sample.At, TimeSpan.Zero) && IsDisturbed(sample, fault)).OrderBy(sample => sample.At).ToList()))
            .ToList();
        return new Finding(
            Name, $"the last customer{Whose} who fails or waits over {SlowerThan.TotalMilliseconds:0} ms comes soon after the fault", "seconds", false, AtMost.TotalSeconds,
            record.Faults.IsEmpty ? null : disturbed.Max(one => one.Samples.Count == 0 ? 0 : (one.Samples[^1].At - one.Fault.Begin).TotalSeconds),
            [.. disturbed.SelectMany(one => one.Samples.Where(sample => sample.At - one.Fault.Begin > AtMost)).Take(MostEvidence).Select(sample => $"{sample}")],
            "hanzo-edge check shows every term of the budget; health.probe (interval, timeout, fall) and health.passive decide how soon a region is left.");

        bool IsDisturbed(Sample sample, FaultSpan fault) => !sample.Well || (sample.Latency > SlowerThan && Befalls(fault, sample.Arrival.Customer));

        bool Befalls(FaultSpan fault, Customer customer) =>
            fault.Targets.Where(regions.Contains).ToList() is not { Count: > 0 } befallen || nearest.Of(customer).Any(befallen.Contains);
    }
}
