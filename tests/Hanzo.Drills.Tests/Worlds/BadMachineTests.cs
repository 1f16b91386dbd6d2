using System.Globalization;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Worlds;

/// <summary>The disks and clocks by which drills make a machine a bad one.</summary>
public sealed class BadMachineTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-machine-");
    private readonly Keeper _keeper = new();

    public void Dispose() => _directory.Delete(recursive: true);

    private RunDirectory Run => new(_directory.FullName);

    [Fact]
    public async Task A_full_disk_takes_not_a_byte_until_it_is_freed_and_is_gone_with_its_owner()
    {
        if (SmallDisk.WhyNot() is { } why)
        {
            Assert.StartsWith("fullDisk needs ", why, StringComparison.Ordinal);
            return;
        }
        var state = Path.Combine(_directory.FullName, "state");
        await using (var disk = await SmallDisk.Make("node", state, Run, _keeper, TimeProvider.System))
        {
            await disk.Fill(default);
            Assert.Equal(1, await Exit(disk, $"echo x > {state}/file"));
            disk.Free();
            Assert.Equal(0, await Exit(disk, $"echo x > {state}/file"));
        }

        Assert.DoesNotContain(state, await File.ReadAllTextAsync("/proc/self/mountinfo"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(state));
    }

    [Fact]
    public async Task A_false_clock_shows_a_program_another_time()
    {
        Assert.Null(FalseClock.WhyNot());
        var clock = new FalseClock(Path.Combine(_directory.FullName, "clock"));
        clock.Set(TimeSpan.FromHours(-1));
        using var date = await _keeper.Start("date", Run.LogOf("date"), clock.Variables, ["/bin/date", "+%s"]);
        await date.Exit();

        var shown = DateTimeOffset.FromUnixTimeSeconds(long.Parse(await File.ReadAllTextAsync(Run.LogOf("date")), CultureInfo.InvariantCulture));
        Assert.InRange((TimeProvider.System.GetUtcNow() - shown).TotalMinutes, 59.9, 61);
    }

    private async Task<int> Exit(SmallDisk disk, string script)
    {
        using var shell = await _keeper.Start("shell", Run.LogOf("shell"), new Dictionary<string, string>(), [.. disk.Inside, "/bin/sh", "-c", script]);
        await shell.Exit();
        return shell.ExitCode == 0 ? 0 : 1;
    }
}
