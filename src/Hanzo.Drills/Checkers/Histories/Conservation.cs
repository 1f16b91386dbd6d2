namespace Hanzo.Drills.Checkers.Histories;

/// <summary>
/// Whether every unit of a SKU is where the answers say that it went: the last reading against the sum of everything that was
/// done. It finds what was lost or happened twice without looking for an order, so it also judges reservations over several
/// shards, whose lines may be held for a moment before all of it is refused.
/// </summary>
internal static class Conservation
{
    /// <param name="lines">All of one SKU; the reading that was called last is called after everything else was answered.</param>
    /// <returns>Null when it adds up, else what does not.</returns>
    public static string? WhyNot(IReadOnlyCollection<HistoryLine> lines)
    {
        if (lines.FirstOrDefault(line => line.Outcome == CallOutcome.Unknown) is { } open)
            return $"{open.Call} of client {open.Client} at {open.Called} has no answer";
        if (lines.Where(line => line.Call == "read").MaxBy(line => line.Called)?.Stock is not { } last)
            return "it was not read at the end";

        var (committed, released) = (Sum(lines, "commit"), Sum(lines, "release"));
        var (onHand, held) = (Sum(lines, "put") + Sum(lines, "adjust") - committed, Sum(lines, "hold") - committed - released);
        return (last.OnHand, last.Held, last.Committed) == (onHand, held, committed) ? null
            : $"on hand {last.OnHand}, held {last.Held}, committed {last.Committed}; what was done comes to {onHand}, {held} and {committed}";
    }

    private static long Sum(IEnumerable<HistoryLine> lines, string call) =>
        lines.Where(line => line.Call == call && line.Outcome == CallOutcome.Done).Sum(line => line.Amount ?? 0);
}
