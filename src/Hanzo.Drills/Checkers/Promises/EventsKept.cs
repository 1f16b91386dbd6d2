using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>Every event that was acknowledged counts in every region, and none twice.</summary>
internal sealed record EventsKept() : Promise("events")
{
    public override Finding Judge(DrillRecord record) => new(
        Name, "events that were acknowledged and are not counted, or counted twice, in any region", "count", false, 0,
        record.Shop is null || record.Shop.Events.Sum(count => count.Acknowledged) == 0 ? null : record.Shop.Events.Sum(count => count.Lost + count.CountedTwice),
        [.. record.Shop?.Events.Where(count => count.Lost + count.CountedTwice > 0).Select(count => $"{count.Node}: {count.Acknowledged} acknowledged, {count.Asked} asked, {count.Counted?.ToString() ?? "nothing"} counted") ?? []],
        "Compare hanzo_node_replication_refusals and the freshness that GET /v1/analytics/counters tells.");
}
