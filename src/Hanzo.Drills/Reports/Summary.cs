namespace Hanzo.Drills.Reports;

/// <summary>The report for a terminal: a line a promise, and what to do about a broken one.</summary>
internal static class Summary
{
    public static string Of(DrillReport report, string directory) => string.Join('\n',
    [
        $"     {report.Totals.Requests} requests, {report.Totals.Failed} in vain, p50 {HtmlReport.Number(report.Totals.P50Milliseconds)} ms, p99 {HtmlReport.Number(report.Totals.P99Milliseconds)} ms; by region: {string.Join(", ", report.Totals.ByRegion.Select(region => $"{region.Key} {region.Value}"))}",
        .. report.Faults.Select(fault => $"     {fault.Text} from {HtmlReport.Number(fault.From)} s to {(fault.To is { } to ? $"{HtmlReport.Number(to)} s" : "the end")}"),
        .. report.Promises.SelectMany(Lines),
        $"{report.Outcome.ToString().ToUpperInvariant()} {report.Drill}{(report.AbortedBecause is { } why ? $": {why}" : "")}",
        $"     report: {Path.Combine(directory, "report.html")}",
        .. report.Outcome == Runs.DrillOutcome.Passed ? Array.Empty<string>() : [$"     again:  {report.Command}"],
    ]);

    private static IEnumerable<string> Lines(PromiseReport promise) =>
    [
        $"{(promise.Held ? "held" : "BROKEN")} {promise.Name}: {promise.Text}: {promise.MeasuredText}, promised {promise.BoundText}",
        .. promise.Held ? [] : promise.Evidence.Select(line => $"       {line}").Append($"       {promise.Advice}"),
    ];
}
