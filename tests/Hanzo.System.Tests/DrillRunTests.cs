using System.Text.Json;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>hanzo-drill run: the quick drills pass, and with a protection off the right promise breaks.</summary>
[Collection(Lanes.Drills)]
public sealed class DrillRunTests : IDisposable
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("hanzo-drill-");
    private readonly DirectoryInfo _runs = Directory.CreateTempSubdirectory("hanzo-runs-");

    public DrillRunTests()
    {
        File.CreateSymbolicLink(Path.Combine(_programs.FullName, "hanzo-edge"), Repository.Edge);
        File.CreateSymbolicLink(Path.Combine(_programs.FullName, "hanzo-node"), Repository.Node);
        Directory.CreateSymbolicLink(Path.Combine(_programs.FullName, "config"), Path.Combine(Repository.Root, "config"));
        Directory.CreateSymbolicLink(Path.Combine(_programs.FullName, "data"), Path.Combine(Repository.Root, "data"));
    }

    public void Dispose()
    {
        _programs.Delete(recursive: true);
        _runs.Delete(recursive: true);
    }

    private RunningProgram Drill(string name) =>
        RunningProgram.StartFirst(Repository.Drill, ["run", name, "--seed", "7", "--programs", _programs.FullName, "--runs", _runs.FullName]);

    private JsonElement Report(string drill) => _runs.GetFiles("report.json", SearchOption.AllDirectories)
        .Select(file => JsonDocument.Parse(File.ReadAllText(file.FullName)).RootElement)
        .Single(report => report.GetProperty("drill").GetString() == drill);

    [Fact]
    public async Task The_quick_drills_pass()
    {
        await using var run = Drill("quick");

        Assert.True(await run.Exit(LongestRun) == 0, run.Output);

        foreach (var drill in new[] { "region-loss", "region-freeze", "geoip-swap", "config-fat-finger" })
            Assert.Equal("passed", Report(drill).GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("canary-no-failover", "availability")]
    [InlineData("canary-stale-health", "failover")]
    [InlineData("canary-stale-ttl", "resolver")]
    [InlineData("canary-no-consensus", "stock")]
    public async Task With_a_protection_off_the_promise_it_keeps_is_broken_and_no_other(string drill, string promise)
    {
        await using var run = Drill(drill);

        Assert.True(await run.Exit(LongestRun) == 1, run.Output);

        Assert.Equal([promise], Report(drill).GetProperty("promises").EnumerateArray().Where(one => !one.GetProperty("held").GetBoolean()).Select(one => one.GetProperty("name").GetString()));
        Assert.Contains($"hanzo-drill run {drill} --seed 7", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drill_that_is_killed_amid_a_fault_leaves_no_process_and_no_socket()
    {
        await using var run = Drill("region-freeze");
        await run.Says("the world is ready");
        var children = Children(run.Pid);
        Assert.Equal(4, children.Count);
        await Eventually.Holds("a node is frozen", () => children.Exists(IsFrozen));

        run.Signal("KILL");

        await Eventually.Holds("no child is left", () => !children.Exists(pid => StateOf(pid) != 'Z'));
    }

    [Fact]
    public async Task A_drill_that_is_told_to_stop_is_given_up_and_reports_so()
    {
        await using var run = Drill("region-loss");
        await run.Says("the world is ready");

        run.Signal("INT");

        Assert.Equal(2, await run.Exit());
        Assert.Equal("aborted", Report("region-loss").GetProperty("outcome").GetString());
    }

    private static List<int> Children(int parent) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!)).Where(pid => Fields(pid)[1] == $"{parent}")];

    private static bool IsFrozen(int pid) => StateOf(pid) == 'T';

    private static char StateOf(int pid) => Fields(pid)[0][0];

    /// <summary>State and parent; a process that is gone counts as a zombie of nobody.</summary>
    private static string[] Fields(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
        }
        catch (IOException)
        {
            return ["Z", ""];
        }
    }
}
