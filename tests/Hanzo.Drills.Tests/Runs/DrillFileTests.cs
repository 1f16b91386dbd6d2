using System.Text.RegularExpressions;
using Hanzo.Drills.Checkers.Promises;
using Hanzo.Drills.Runs;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Runs;

public sealed partial class DrillFileTests : IDisposable
{
    private static readonly string Root = SourceTree.FindRoot(AppContext.BaseDirectory)!;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-drills-");

    public void Dispose() => _directory.Delete(recursive: true);

    public static TheoryData<string> Shipped => [.. Directory.GetFiles(Path.Combine(Root, "config", "drills"))];

    private IReadOnlyList<string> ProblemsOf(string text)
    {
        var path = Path.Combine(_directory.FullName, "mine.yaml");
        File.WriteAllText(path, text.Replace("WORLD", Path.Combine(Root, "config", "worlds", "three-regions.yaml"), StringComparison.Ordinal));
        return [.. DrillFile.Read(path).Problems.Select(line => line.Replace(path, "mine.yaml", StringComparison.Ordinal))];
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_drill_can_be_read_and_promises_something(string file)
    {
        var drill = DrillFile.Read(file);

        Assert.Empty(drill.Problems);
        Assert.NotEmpty(drill.Value!.Promises);
        Assert.NotEmpty(drill.Value.Steps);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), drill.Value.Name);
    }

    [Fact]
    public void A_seed_chooses_the_times_of_steps_and_chooses_them_again()
    {
        var drill = DrillFile.Read(Path.Combine(Root, "config", "drills", "region-loss.yaml")).Value!;

        var times = Enumerable.Range(0, 20).Select(seed => drill.Timed(new Random(seed))[0].At).ToList();

        Assert.Equal(times, Enumerable.Range(0, 20).Select(seed => drill.Timed(new Random(seed))[0].At));
        Assert.All(times, time => Assert.InRange(time, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5)));
        Assert.Equal(20, times.Distinct().Count());
    }

    [Fact]
    public void The_promises_keep_what_the_file_says()
    {
        var drill = DrillFile.Read(Path.Combine(Root, "config", "drills", "region-freeze.yaml")).Value!;

        Assert.Equal(new Availability(1, Whose.Everyone), drill.Promises[0]);
        Assert.Equal(new Latency(100, TimeSpan.FromSeconds(1.2), Whose.Everyone with { When = "faults" }), drill.Promises[1]);
        Assert.Equal(new Failover(TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(300), Whose.Everyone), drill.Promises[2]);
    }

    [Fact]
    public void Every_mistake_is_told_with_its_place() => Assert.Equal(
        [
            "mine.yaml:7:3: error: traffic: the key 'rate' is missing",
            "mine.yaml:7:3: error: traffic.rat: this key is not known; did you mean 'rate'?",
            "mine.yaml:8:20: error: traffic.customers.XX: no customer is known in 'XX'",
            "mine.yaml:10:13: error: steps[0].kill: 'eu-wset' is not one of us-east, eu-west, ap-southeast, edge-1, us-east-1, eu-west-1, ap-southeast-1",
            "mine.yaml:11:5: error: steps[1]: one of these keys is missing: kill",
            "mine.yaml:11:5: error: steps[1]: it begins when the drill, 10 s long, has ended",
            "mine.yaml:13:19: error: promises[0].availability: '101%' is not a share from 0% to 100%",
            "mine.yaml:14:5: error: promises[1]: one of these keys is missing: availability",
            "mine.yaml:14:5: error: promises[1].speed: this key is not known",
        ],
        ProblemsOf("""
            version: 1
            hypothesis: Nothing.
            world: WORLD
            duration: 10s

            traffic:
              rat: 5
              customers: { XX: 1 }
            steps:
              - { kill: eu-wset, at: 1s }
              - at: 12s
            promises:
              - availability: 101%
              - speed: 1s
            """).Select(line => Shortened().Replace(line, "")));

    /// <summary>What lists everything there is grows with the product.</summary>
    [GeneratedRegex("; there are .*|; the keys here .*|(?<=missing: (?:kill|availability)), .*")]
    private static partial Regex Shortened();

    [Theory]
    [InlineData("- { at: 1s, names: failing }", "names and move need a world with 'byName: true'")]
    [InlineData("- { at: 1s, clock: { node: eu-west } }", "the key 'by' is missing")]
    [InlineData("- { at: 1s, fullDisk: edge-1 }", "'edge-1' is not one of us-east")]
    [InlineData("- { at: 1s, killLeader: first }", "'first' is not a number from 0 to 63")]
    [InlineData("- { at: 1s, partitionLeader: 0 }", "a step needs a world with 'wan: true'")]
    [InlineData("- { at: 1s, herd: none }", "'none' is not a number from 1 to 10000")]
    public void What_a_step_lacks_is_told(string step, string problem) => Assert.Contains(
        ProblemsOf($"version: 1\nhypothesis: x\nworld: WORLD\nduration: 10s\ntraffic: {"{"} rate: 1, customers: {"{"} GB: 1 {"}"} {"}"}\nsteps:\n  {step}\npromises: [{"{"} availability: 1% {"}"}]\n"),
        line => line.Contains(problem, StringComparison.Ordinal));
}
