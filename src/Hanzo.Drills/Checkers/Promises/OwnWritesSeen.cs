using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>Who comes again with the session token, to look or to buy, finds what they wrote, unless the region says that it is behind.</summary>
internal sealed record OwnWritesSeen() : Promise("session")
{
    public override Finding Judge(DrillRecord record)
    {
        var seen = record.Samples.Where(sample => sample.Deed?.Kind is "seen" or "unseen" or "behind" or "checkout").ToList();
        var unseen = seen.Where(sample => sample.Deed!.Kind == "unseen").ToList();
        return new Finding(
            Name, "customers who did not find what they had written, in a region that says that it has it", "count", false, 0,
            seen.Count == 0 ? null : unseen.Count,
            [.. unseen.Take(MostEvidence).Select(sample => $"{sample}")],
            "Do all nodes have the same --session-key?");
    }
}
