using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>hanzo-drill run: with a protection off the right promise breaks, and a drill that is ended leaves nothing.</summary>
[Collection(Lanes.Drills)]
public sealed class DrillRunTests : IDisposable
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    private readonly DrillStand _stand = new();

    public void Dispose() => _stand.Dispose();

    [Theory]
    [InlineData("canary-no-failover", "availability")]
    [InlineData("canary-stale-health", "failover")]
    [InlineData("canary-stale-ttl", "resolver")]
    [InlineData("canary-no-consensus", "stock")]
    public async Task With_a_protection_off_the_promise_it_keeps_is_broken_and_no_other(string drill, string promise)
    {
        await using var run = _stand.Drill(drill);

        Assert.True(await run.Exit(LongestRun) == 1, run.Output);

        var broken = _stand.Report(drill).GetProperty("promises").EnumerateArray().Where(one => !one.GetProperty("held").GetBoolean()).Select(one => one.GetProperty("name").GetString());
        Assert.True(broken.SequenceEqual([promise]), run.Output);
        Assert.Contains($"hanzo-drill run {drill} --seed 7", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drill_that_is_killed_amid_a_fault_leaves_no_process_and_no_socket()
    {
        await using var run = _stand.Drill("region-freeze");
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
        await using var run = _stand.Drill("region-loss");
        await run.Says("the world is ready");

        run.Signal("INT");

        Assert.Equal(2, await run.Exit());
        Assert.Equal("aborted", _stand.Report("region-loss").GetProperty("outcome").GetString());
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
