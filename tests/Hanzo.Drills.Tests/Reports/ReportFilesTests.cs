using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hanzo.Drills.Checkers.Promises;
using Hanzo.Drills.Reports;
using Hanzo.Drills.Runs;
using Hanzo.Drills.Tests.Runs;
using Hanzo.Drills.Traffic;

namespace Hanzo.Drills.Tests.Reports;

public sealed partial class ReportFilesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-report-");

    public void Dispose() => _directory.Delete(recursive: true);

    private string PathOf(string file) => Path.Combine(_directory.FullName, file);

    private static DrillReport Report(string? abortedBecause = null)
    {
        var record = new Seen().Requests(150, 0.05, 0.1, milliseconds: 12.5)
            .Request(6.1, milliseconds: 431.4, region: "us-east").Request(6.2, milliseconds: 10_000, region: null, problem: "no answer within 10 s")
            .Fault(6, 9).Record;
        var drill = new DrillFile("region-loss", "Nobody notices <anything>.", Seen.World, new TrafficPlan(10, [("GB", 1)], []), record.Duration, [],
            [new Availability(1, Whose.Everyone), new Latency(50, TimeSpan.FromSeconds(1), Whose.Everyone)], null, false);
        return Reporting.Of(drill, record, abortedBecause, 42, "hanzo-drill run region-loss --seed 42", DateTimeOffset.UnixEpoch,
            ImmutableSortedDictionary<string, string>.Empty.Add("edge-1", new string('a', 64)), "0.1.0");
    }

    [Fact]
    public void What_is_written_is_read_back_the_same()
    {
        ReportFiles.Write(Report(), _directory.FullName);

        var read = ReportFiles.Read(_directory.FullName)!;

        Assert.Equal(DrillOutcome.Failed, read.Outcome);
        Assert.Equal(152, read.Totals.Requests);
        Assert.Equal(1, read.Totals.Failed);
        Assert.Equal(12.5, read.Totals.P50Milliseconds);
        Assert.Equal([("availability", false), ("latency", true)], read.Promises.Select(promise => (promise.Name, promise.Held)));
        Assert.Equal((6.0, 9.0), read.Faults.Select(fault => (fault.From, fault.To!.Value)).Single());
        Assert.Equal(read.Totals.Requests, read.Seconds.Sum(second => second.Requests));
        Assert.Equal(read.Totals.ByRegion["eu-west"], read.Seconds.Sum(second => second.ByRegion.GetValueOrDefault("eu-west")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"schema\":\"hanzo-drill/0\"}")]
    [InlineData("report")]
    public void What_is_no_report_of_this_version_is_not_read(string text)
    {
        File.WriteAllText(PathOf("other.json"), text);
        Assert.Null(ReportFiles.Read(PathOf("other.json")));
        Assert.Null(ReportFiles.Read(PathOf("missing.json")));
    }

    [Fact]
    public void JUnit_has_a_case_a_promise_and_the_evidence_of_the_broken_one()
    {
        ReportFiles.Write(Report(), _directory.FullName);

        var suite = XElement.Load(PathOf("junit.xml"));

        Assert.Equal(("2", "1", "0"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!, (string)suite.Attribute("errors")!));
        Assert.Contains("no answer within 10 s", suite.Elements("testcase").First().Element("failure")!.Value, StringComparison.Ordinal);
        Assert.Null(suite.Elements("testcase").Last().Element("failure"));
    }

    [Fact]
    public void A_drill_that_was_given_up_proves_nothing_even_where_promises_held()
    {
        Assert.Equal(DrillOutcome.Aborted, Report("told to").Outcome);
        Assert.Equal("1", (string)ReportFiles.JUnit(Report("told to")).Attribute("errors")!);
    }

    [Fact]
    public async Task A_browser_shows_the_figures_of_the_json()
    {
        ReportFiles.Write(Report(), _directory.FullName);
        var json = ReportFiles.Read(_directory.FullName)!;

        var page = await Rendered(PathOf("report.html"));

        Assert.Equal(json.Outcome.ToString().ToUpperInvariant(), Id(page, "outcome"));
        Assert.Equal($"{json.Seed}", Id(page, "seed"));
        Assert.Equal($"{json.Totals.Requests}", Id(page, "requests"));
        Assert.Equal($"{json.Totals.Failed}", Id(page, "failed"));
        Assert.Equal(FormattableString.Invariant($"{json.Totals.P99Milliseconds} ms"), Id(page, "p99"));
        Assert.Equal(
            json.Promises.Select(promise => (promise.Name, promise.Held ? "true" : "false", promise.MeasuredText)),
            PromiseRow().Matches(page).Select(row => (row.Groups["name"].Value, row.Groups["held"].Value, row.Groups["measured"].Value)));
        Assert.Equal(2 * json.Faults.Length, Regex.Count(page, "class=\"fault\""));
        Assert.Contains("Nobody notices &lt;anything&gt;.", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?:src|href)=\"(?!https://db-ip\\.com)", page);
    }

    /// <summary>The page as a browser has it after reading: not the text that was written.</summary>
    private static async Task<string> Rendered(string file)
    {
        var profile = Directory.CreateTempSubdirectory("hanzo-browser-");
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(
                "chromium", 
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={profile.FullName}", "--dump-dom", $"file://{file}",
                ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            _ = browser.StandardError.ReadToEndAsync();
            var page = await browser.StandardOutput.ReadToEndAsync().WaitAsync(Patience, TimeProvider.System);
            await browser.WaitForExitAsync();
            return page;
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    private static string Id(string page, string id) => Regex.Match(page, $"id=\"{id}\"[^>]*>([^<]*)<").Groups[1].Value;

    [GeneratedRegex("<tr data-promise=\"(?<name>[^\"]*)\" data-held=\"(?<held>[^\"]*)\">.*?<td data-measured=\"\">(?<measured>[^<]*)</td>", RegexOptions.Singleline)]
    private static partial Regex PromiseRow();
}
