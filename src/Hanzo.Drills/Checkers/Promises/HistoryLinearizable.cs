using Hanzo.Drills.Checkers.Histories;
using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>What recording clients were told of stock, reservations, payments and keys can be put in one order that explains it.</summary>
internal sealed record HistoryLinearizable() : Promise("history")
{
    public override Finding Judge(DrillRecord record)
    {
        var verdicts = HistoryCheck.Of(record.History);
        return new Finding(
            Name, $"objects whose history no order explains ({verdicts.Sum(verdict => verdict.Operations)} operations on {verdicts.Count} objects)", "count", false, 0,
            record.History.IsEmpty ? null : verdicts.Count(verdict => verdict.Outcome != Outcome.Linearizable),
            [.. verdicts.Where(verdict => verdict.Outcome != Outcome.Linearizable).Take(MostEvidence).Select(verdict => $"{verdict.Object}: {verdict.Outcome}\n{verdict.Evidence}")],
            "hanzo-drill check-history history.ndjson in the run directory judges it again.");
    }
}
