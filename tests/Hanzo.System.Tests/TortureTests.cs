using Hanzo.System.Tests.Support;

namespace Hanzo.System.Tests;

/// <summary>Short versions of what bench/torture does at night, each with a seed that is always the same.</summary>
[Collection(Lanes.Long)]
public sealed class TortureTests : IDisposable
{
    private static readonly bool CanCutPower = Environment.UserName == "root" && File.Exists("/dev/loop-control") && File.Exists("/usr/sbin/mkfs.ext4");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("hanzo-torture-");

    public TortureTests()
    {
        File.CreateSymbolicLink(Path.Combine(_programs.FullName, "hanzo-edge"), Repository.Edge);
        File.CreateSymbolicLink(Path.Combine(_programs.FullName, "hanzo-node"), Repository.Node);
        Directory.CreateSymbolicLink(Path.Combine(_programs.FullName, "config"), Path.Combine(Repository.Root, "config"));
    }

    public void Dispose() => _programs.Delete(recursive: true);

    [Fact]
    public async Task Nodes_that_are_killed_frozen_and_cut_off_answer_as_one_and_lose_nothing()
    {
        var (code, told) = await Torture("--for", "15s", "--seed", "5");

        Assert.True(code == 0, told);
        Assert.Contains("all nodes are killed together", told, StringComparison.Ordinal);
        Assert.EndsWith("linearizable", told.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_power_cut_of_most_nodes_takes_nothing_that_was_acknowledged()
    {
        var (code, told) = await Torture("--for", "8s", "--seed", "2", "--power");

        if (CanCutPower)
            Assert.True(code == 0, told);
        else
            Assert.Contains("FAIL disks that lose power need ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_that_acknowledge_what_is_not_on_disk_are_found_out()
    {
        var (code, told) = await Torture("--for", "3s", "--seed", "2", "--power", "--lying-syncs");

        Assert.True(code == (CanCutPower ? 1 : 2), told);
        Assert.Contains(CanCutPower ? "ended with exit code" : "FAIL disks that lose power need ", told, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Told)> Torture(params string[] options)
    {
        // Behind what is measured beside it: clients as fast as they can be take all there is.
        await using var run = RunningProgram.Start("nice", ["-n", "10", Repository.Drill, "torture", .. options, "--programs", _programs.FullName, "--runs", _programs.FullName]);
        var code = await run.Exit(Patience);
        return (code, run.Output);
    }
}
