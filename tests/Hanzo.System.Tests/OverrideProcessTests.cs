using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>What an operator ordered, as the operator meets it: commands, processes and a kill.</summary>
[Collection(Lanes.Edges)]
public sealed class OverrideProcessTests(RunningEdgeWorld running) : IAsyncLifetime
{
    private readonly EdgeWorld _world = running.World;

    public Task InitializeAsync() => _world.Restore();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_drain_survives_the_death_of_the_edge_and_is_taken_back()
    {
        Assert.Equal(0, await Region("drain", "eu-west", "--reason", "new kernel", "--for", "1h"));
        await LondonIsSentAway();

        await _world.RestartEdge();
        await LondonIsSentAway();
        Assert.True(await _world.Measures("hanzo_edge_region_override{region=\"eu-west\",override=\"drain\"} 1"));

        Assert.Equal(0, await Region("undrain", "eu-west", "--reason", "kernel runs"));
        await _world.Lands(EdgeWorld.London, "eu-west");
        Assert.Equal(2, (await File.ReadAllLinesAsync(_world.Overrides + ".audit")).Length);
    }

    [Theory]
    [InlineData(3, "with seed 7 and hanzo-drill 0.1.0; the configuration has changed since")]
    [InlineData(9, "; OVERDUE, and the configuration has changed since")]
    public async Task Status_tells_the_regions_and_how_long_ago_drills_passed(int days, string expected)
    {
        var file = Path.Combine(Path.GetDirectoryName(_world.ConfigurationFile)!, "certificate.json");
        var passed = TimeProvider.System.GetUtcNow().AddDays(-days);
        await File.WriteAllTextAsync(file, $$"""{"schema":"hanzo-drill-certificate/1","passed":"{{passed:O}}","seed":7,"version":"0.1.0","configuration":"ab","drills":[{},{}]}""");
        await using var status = RunningProgram.Start(Repository.Edge, ["status", "--certificate", file, "--admin", _world.Admin]);

        Assert.Equal(0, await status.Exit());
        Assert.Contains("eu-west          observed up       forced none", status.Output, StringComparison.Ordinal);
        Assert.Contains($"2 passed {days} d 0 h ago, at {passed.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z ", status.Output, StringComparison.Ordinal);
        Assert.Contains(expected, status.Output, StringComparison.Ordinal);
    }

    /// <summary>From the very next request on, and to the next region.</summary>
    private async Task LondonIsSentAway()
    {
        Assert.NotEqual("eu-west", await _world.RegionOf(EdgeWorld.London));
        await _world.Lands(EdgeWorld.London, "us-east");
    }

    private async Task<int> Region(params string[] arguments)
    {
        await using var command = RunningProgram.Start(Repository.Edge, ["region", .. arguments, "--admin", _world.Admin]);
        return await command.Exit();
    }
}
