using System.Globalization;
using System.Net;
using System.Text;

namespace Hanzo.Drills.Reports;

/// <summary>report.html: one file that needs nothing else, drawn here, so that it shows the same everywhere and for ever.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#6a737d;--line:#d8dee4;--bad:#c62828;--good:#2e7d32}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--soft:#8b949e;--line:#30363d;--bad:#ff7b72;--good:#56d364}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1000px;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}p{margin:.3rem 0}
        table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
        .held{color:var(--good)}.broken{color:var(--bad)}.soft{color:var(--soft)}pre{white-space:pre-wrap;font-size:12px;margin:.3rem 0}
        svg{width:100%;height:auto;display:block}svg text{font-size:11px;fill:var(--soft)}code{font-size:13px}.key{display:inline-block;margin-right:1rem}
        .key i{display:inline-block;width:.8em;height:.8em;margin-right:.3em;border-radius:2px}
        """;

    public static string Of(DrillReport report)
    {
        var page = new StringBuilder();
        page.Append($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Text(report.Drill)}: {report.Outcome}</title><style>{Style}</style></head><body>
            <h1>{Text(report.Drill)} <span id="outcome" class="{(report.Outcome == Runs.DrillOutcome.Passed ? "held" : "broken")}">{report.Outcome.ToString().ToUpperInvariant()}</span></h1>
            <p>{Text(report.Hypothesis)}</p>
            <p class="soft">{report.Started:yyyy-MM-dd HH:mm:ss} UTC, seed <span id="seed">{report.Seed}</span>, hanzo-drill {Text(report.Version)}</p>

            """);
        if (report.AbortedBecause is { } why)
            page.Append($"<p class=\"broken\">Given up: {Text(why)}</p>\n");
        Promises(page, report);
        page.Append("<h2>Requests by region</h2>\n").Append(new TimeLine(report).Requests());
        page.Append("<h2>Latency</h2>\n").Append(new TimeLine(report).Latency());
        Faults(page, report);
        page.Append($"""
            <h2>In all</h2>
            <table><tr><th>requests</th><th>in vain</th><th>p50</th><th>p99</th><th>slowest</th></tr>
            <tr><td id="requests">{report.Totals.Requests}</td><td id="failed">{report.Totals.Failed}</td><td id="p50">{Number(report.Totals.P50Milliseconds)} ms</td><td id="p99">{Number(report.Totals.P99Milliseconds)} ms</td><td id="slowest">{Number(report.Totals.SlowestMilliseconds)} ms</td></tr></table>
            <h2>Again</h2>
            <p><code>{Text(report.Command)}</code></p>
            <p class="soft">Configuration of the edges: {string.Join(", ", report.Configuration.Select(edge => $"{Text(edge.Key)} {Text(edge.Value[..12])}"))}</p>
            <p class="soft">IP Geolocation by <a href="https://db-ip.com">DB-IP</a></p>
            </body></html>

            """);
        return page.ToString();
    }

    private static void Promises(StringBuilder page, DrillReport report)
    {
        page.Append("<h2>Promises</h2>\n<table id=\"promises\"><tr><th></th><th>promise</th><th>bound</th><th>measured</th></tr>\n");
        foreach (var promise in report.Promises)
        {
            page.Append($"""
                <tr data-promise="{Text(promise.Name)}" data-held="{(promise.Held ? "true" : "false")}"><td class="{(promise.Held ? "held" : "broken")}">{(promise.Held ? "held" : "BROKEN")}</td><td><b>{Text(promise.Name)}</b>: {Text(promise.Text)}
                """);
            if (!promise.Held)
                page.Append($"<p>{Text(promise.Advice)}</p><pre>{Text(string.Join('\n', promise.Evidence))}</pre>");
            page.Append($"</td><td>{Text(promise.BoundText)}</td><td data-measured>{Text(promise.MeasuredText)}</td></tr>\n");
        }
        page.Append("</table>\n");
    }

    private static void Faults(StringBuilder page, DrillReport report)
    {
        if (report.Faults.IsEmpty)
            return;
        page.Append("<h2>Faults</h2>\n<table id=\"faults\"><tr><th>what</th><th>from</th><th>to</th></tr>\n");
        foreach (var fault in report.Faults)
            page.Append($"<tr><td>{Text(fault.Text)}</td><td>{Number(fault.From)} s</td><td>{(fault.To is { } to ? $"{Number(to)} s" : "the end")}</td></tr>\n");
        page.Append("</table>\n");
    }

    public static string Text(string text) => WebUtility.HtmlEncode(text);

    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
