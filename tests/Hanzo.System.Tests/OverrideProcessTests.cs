using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>What an operator ordered, as the operator meets it: commands, processes and a kill.</summary>
[Collection(Lanes.Edges)]
public sealed class OverrideProcessTests : IAsyncLifetime
{
    private EdgeWorld _world = null!;

    public async Task InitializeAsync() => _world = await EdgeWorld.Start();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_drain_survives_the_death_of_the_edge_and_is_taken_back()
    {
        // Where overrides are kept is read at start.
        await Kill(_world.Edge);
        var kept = Path.Combine(Path.GetDirectoryName(_world.ConfigurationFile)!, "overrides.json");
        _world.Write(text => text.Replace("\nhealth:\n", $"\nhealth:\n  overrides: {{ file: {kept} }}\n", StringComparison.Ordinal));

        await using var first = _world.RunEdge();
        await IsReady(first);
        Assert.Equal(0, await Region("drain", "eu-west", "--reason", "new kernel", "--for", "1h"));
        Assert.Equal("us-east", await _world.RegionOf(EdgeWorld.London));

        await Kill(first);
        await using var second = _world.RunEdge();
        await IsReady(second);
        Assert.Equal("us-east", await _world.RegionOf(EdgeWorld.London));
        Assert.True(await _world.Measures("hanzo_edge_region_override{region=\"eu-west\",override=\"drain\"} 1"));

        Assert.Equal(0, await Region("undrain", "eu-west", "--reason", "kernel runs"));
        Assert.Equal("eu-west", await _world.RegionOf(EdgeWorld.London));
        Assert.Equal(2, (await File.ReadAllLinesAsync(kept + ".audit")).Length);
    }

    private async Task<int> Region(params string[] arguments)
    {
        await using var command = RunningProgram.Start(Repository.Edge, ["region", .. arguments, "--admin", _world.Admin]);
        return await command.Exit();
    }

    private async Task IsReady(RunningProgram edge) => await Eventually.Holds("the edge is ready", async () =>
        edge.HasExited ? throw new InvalidOperationException($"the edge ended:\n{edge.Output}") : await Http.Status($"{_world.Admin}/readyz") == 200);

    private static async Task Kill(RunningProgram program)
    {
        program.Signal("KILL");
        await program.Exit();
    }
}
