using System.Collections.Immutable;
using Hanzo.Drills.Checkers.Promises;
using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Reports;

/// <summary>What report.json holds, and every other report shows.</summary>
/// <param name="Schema">Version of this shape; docs/drills.md describes it.</param>
/// <param name="AbortedBecause">Null where it was not given up.</param>
/// <param name="Command">Repeats it.</param>
/// <param name="Configuration">SHA-256 of each edge's configuration file as the drill began.</param>
/// <param name="Seconds">What happened in each second.</param>
internal sealed record DrillReport(
    string Schema, string Drill, string Hypothesis, DrillOutcome Outcome, string? AbortedBecause, int Seed, string Command,
    DateTimeOffset Started, double DurationSeconds, ImmutableSortedDictionary<string, string> Configuration, string Version,
    Totals Totals, ImmutableArray<PromiseReport> Promises, ImmutableArray<FaultReport> Faults, ImmutableArray<SecondReport> Seconds)
{
    public const string CurrentSchema = "hanzo-drill/1";
}

/// <summary>Of the whole drill.</summary>
internal sealed record Totals(int Requests, int Failed, double P50Milliseconds, double P99Milliseconds, double SlowestMilliseconds, ImmutableSortedDictionary<string, int> ByRegion);

/// <summary>A promise with its bound and what was measured.</summary>
internal sealed record PromiseReport(
    string Name, string Text, bool Held, string Unit, bool AtLeast, double Bound, double? Measured, string BoundText, string MeasuredText,
    ImmutableArray<string> Evidence, string Advice)
{
    public static PromiseReport Of(Finding finding) => new(
        finding.Promise, finding.Text, finding.Held, finding.Unit, finding.AtLeast, finding.Bound, finding.Measured, finding.BoundText, finding.MeasuredText,
        [.. finding.Evidence], finding.Advice);
}

/// <summary>A fault as it happened, in seconds since the beginning; no end where it was never mended.</summary>
internal sealed record FaultReport(string Text, string Kind, ImmutableArray<string> Targets, double From, double? To);

/// <summary>The requests that came in one second.</summary>
internal sealed record SecondReport(int Second, int Requests, int Failed, double P50Milliseconds, double P99Milliseconds, double SlowestMilliseconds, ImmutableSortedDictionary<string, int> ByRegion);
