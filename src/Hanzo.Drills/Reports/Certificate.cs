using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Drills.Reports;

/// <summary>What says that all drills of one command passed: with which programs, configurations and seed, and what was measured.</summary>
/// <param name="Schema">Version of this shape; docs/drills.md describes it.</param>
/// <param name="Passed">When the last of them ended.</param>
/// <param name="Configuration">SHA-256 over the configurations of all edges of all drills, in the order of the drills.</param>
internal sealed record Certificate(
    string Schema, DateTimeOffset Passed, int Seed, string Version, string Configuration, ImmutableArray<CertifiedDrill> Drills)
{
    public const string CurrentSchema = "hanzo-drill-certificate/1";

    /// <summary>Null where there is nothing to certify: no drill, or one that did not pass.</summary>
    public static Certificate? Of(IReadOnlyCollection<DrillReport> reports, DateTimeOffset now) =>
        reports.Count == 0 || reports.Any(report => report.Outcome != Runs.DrillOutcome.Passed) ? null : new Certificate(
            CurrentSchema, now, reports.First().Seed, reports.First().Version, HashOf(reports),
            [.. reports.Select(report => new CertifiedDrill(report.Drill, report.Started, report.Totals.Requests, report.Totals.Failed,
                [.. report.Promises.Select(promise => new CertifiedPromise(promise.Name, promise.Text, promise.BoundText, promise.MeasuredText))]))]);

    /// <summary>Its age as a metric, in the text form that a Prometheus textfile collector reads.</summary>
    public string Metrics() => string.Create(CultureInfo.InvariantCulture, $"""
        # HELP hanzo_drill_passed_timestamp_seconds When all drills of a run last passed, in seconds since 1970.
        # TYPE hanzo_drill_passed_timestamp_seconds gauge
        hanzo_drill_passed_timestamp_seconds {Passed.ToUnixTimeSeconds()}
        # HELP hanzo_drill_certificate_info What passed then.
        # TYPE hanzo_drill_certificate_info gauge
        hanzo_drill_certificate_info{"{"}version="{Version}",configuration="{Configuration}",seed="{Seed}",drills="{Drills.Length}"{"}"} 1

        """);

    private static string HashOf(IEnumerable<DrillReport> reports) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
        string.Concat(reports.OrderBy(report => report.Drill, StringComparer.Ordinal).SelectMany(report => report.Configuration.Select(edge => $"{report.Drill} {edge.Key} {edge.Value}\n"))))));
}

internal sealed record CertifiedDrill(string Name, DateTimeOffset Started, int Requests, int Failed, ImmutableArray<CertifiedPromise> Promises);

/// <summary>A promise that held: its bound, and what was measured.</summary>
internal sealed record CertifiedPromise(string Name, string Text, string Bound, string Measured);
