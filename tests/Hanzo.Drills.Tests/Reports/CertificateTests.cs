using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Drills.Reports;
using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Tests.Reports;

public sealed class CertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-certificate-");

    public void Dispose() => _directory.Delete(recursive: true);

    private static DrillReport Report(string drill, DrillOutcome outcome = DrillOutcome.Passed, string configuration = "aa") => new(
        DrillReport.CurrentSchema, drill, "It holds.", outcome, null, 7, $"hanzo-drill run {drill} --seed 7", Now.AddMinutes(-1), 20,
        ImmutableSortedDictionary<string, string>.Empty.Add("edge-1", configuration), "0.1.0",
        new Totals(800, 0, 3, 15, 40, ImmutableSortedDictionary<string, int>.Empty.Add("eu-west", 800)),
        [new PromiseReport("availability", "requests go well", outcome == DrillOutcome.Passed, "share", true, 1, 1, "at least 100 %", "100 %", [], "")], [], []);

    [Fact]
    public void One_drill_that_did_not_pass_leaves_nothing_to_certify()
    {
        Assert.Null(Certificate.Of([Report("a"), Report("b", DrillOutcome.Failed)], Now));
        Assert.Null(Certificate.Of([Report("a", DrillOutcome.Aborted), Report("b")], Now));
        Assert.Null(Certificate.Of([], Now));
    }

    [Fact]
    public void Other_configurations_have_another_hash_and_another_order_of_drills_has_not()
    {
        string Hash(params DrillReport[] reports) => Certificate.Of(reports, Now)!.Configuration;

        Assert.Equal(Hash(Report("a"), Report("b")), Hash(Report("b"), Report("a")));
        Assert.NotEqual(Hash(Report("a"), Report("b")), Hash(Report("a"), Report("b", configuration: "bb")));
        Assert.NotEqual(Hash(Report("a")), Hash(Report("a"), Report("b")));
    }

    [Fact]
    public void What_is_written_says_when_what_passed_and_by_how_much_and_takes_the_place_of_the_last()
    {
        ReportFiles.Write(Certificate.Of([Report("z")], Now.AddDays(-1))!, _directory.FullName);
        ReportFiles.Write(Certificate.Of([Report("a"), Report("b")], Now)!, _directory.FullName);

        Assert.Equal(["certificate.json", "hanzo-drill.prom"], _directory.GetFiles().Select(file => file.Name).Order());
        Assert.Contains("\nhanzo_drill_passed_timestamp_seconds 1728000000\n", File.ReadAllText(Path.Combine(_directory.FullName, "hanzo-drill.prom")), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_directory.FullName, "certificate.json")));
        Assert.Equal(["a", "b"], json.RootElement.GetProperty("drills").EnumerateArray().Select(drill => drill.GetProperty("name").GetString()));
        Assert.Equal("100 %", json.RootElement.GetProperty("drills")[0].GetProperty("promises")[0].GetProperty("measured").GetString());
        Assert.Equal((7, "0.1.0"), (json.RootElement.GetProperty("seed").GetInt32(), json.RootElement.GetProperty("version").GetString()));
    }
}
