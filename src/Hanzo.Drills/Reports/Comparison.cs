namespace Hanzo.Drills.Reports;

/// <summary>What changed between two runs.</summary>
/// <param name="Lines">For a person.</param>
/// <param name="Worse">Whether the second broke a promise that the first kept.</param>
internal sealed record Comparison(IReadOnlyList<string> Lines, bool Worse)
{
    public static Comparison Of(DrillReport before, DrillReport after)
    {
        var promises = Paired(before).Select(one => (one.Key, Before: (PromiseReport?)one.Value, After: Paired(after).GetValueOrDefault(one.Key)))
            .Concat(Paired(after).Where(one => !Paired(before).ContainsKey(one.Key)).Select(one => (one.Key, Before: (PromiseReport?)null, After: (PromiseReport?)one.Value)))
            .ToList();
        return new Comparison(
            [
                $"{before.Drill} seed {before.Seed}: {before.Outcome} -> {after.Drill} seed {after.Seed}: {after.Outcome}",
                .. before.Configuration.Where(edge => after.Configuration.GetValueOrDefault(edge.Key) is { } other && other != edge.Value)
                    .Select(edge => $"configuration of {edge.Key}: {edge.Value[..12]} -> {after.Configuration[edge.Key][..12]}"),
                .. before.Version == after.Version ? Array.Empty<string>() : [$"version: {before.Version} -> {after.Version}"],
                $"requests: {before.Totals.Requests} -> {after.Totals.Requests}, in vain: {before.Totals.Failed} -> {after.Totals.Failed}",
                $"p50: {HtmlReport.Number(before.Totals.P50Milliseconds)} -> {HtmlReport.Number(after.Totals.P50Milliseconds)} ms, p99: {HtmlReport.Number(before.Totals.P99Milliseconds)} -> {HtmlReport.Number(after.Totals.P99Milliseconds)} ms",
                .. promises.Select(one => $"{Mark(one.Before, one.After)} {one.Key}: {Write(one.Before)} -> {Write(one.After)}"),
            ],
            promises.Exists(one => one is { Before.Held: true, After.Held: false }));
    }

    private static Dictionary<string, PromiseReport> Paired(DrillReport report) =>
        report.Promises.GroupBy(promise => $"{promise.Name}: {promise.Text}").ToDictionary(group => group.Key, group => group.First());

    private static string Mark(PromiseReport? before, PromiseReport? after) => (before?.Held, after?.Held) switch
    {
        (true, false) => "WORSE ",
        (false, true) => "better",
        (null, _) => "new   ",
        (_, null) => "gone  ",
        _ => "same  ",
    };

    private static string Write(PromiseReport? promise) => promise is null ? "not promised" : $"{promise.MeasuredText} ({promise.BoundText})";
}
