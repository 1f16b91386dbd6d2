using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>Edges and regions that end.</summary>
[Collection(Lanes.Edges)]
public sealed class EdgeLifeTests(RunningEdgeWorld running) : IAsyncLifetime
{
    private readonly EdgeWorld _world = running.World;

    public Task InitializeAsync() => _world.Restore();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_region_that_dies_is_left_for_the_next_and_taken_back_when_it_lives()
    {
        Assert.Equal("eu-west", await _world.RegionOf(EdgeWorld.London));

        await _world.KillNode("eu-west");
        await Eventually.Holds("London goes to the next region", async () => await _world.RegionOf(EdgeWorld.London) == "us-east");
        Assert.Equal("ap-southeast", await _world.RegionOf(EdgeWorld.Singapore));

        _world.StartNode("eu-west");
        await Eventually.Holds("London is at home again", async () => await _world.RegionOf(EdgeWorld.London) == "eu-west");
    }

    [Fact]
    public async Task A_reload_keeps_connections_and_what_is_known_of_health()
    {
        const string Down = """hanzo_edge_region_state{region="eu-west",state="down"} 1""";
        await _world.KillNode("eu-west");
        await Eventually.Holds("its region is down", () => _world.Measures(Down));
        using var slow = new SlowPut();
        await slow.Begin(_world.EdgePort);
        var unknown = Unknown();

        _world.Write(text => text.Replace("tieBand: 5ms", "tieBand: 6ms", StringComparison.Ordinal));
        _world.Edge.Signal("HUP");
        await _world.Edge.Says("is in use");

        // A region that is down stays so without being unknown in between, and what began before ends well on its connection.
        Assert.Equal("us-east", await _world.RegionOf(EdgeWorld.London));
        Assert.True(await _world.Measures(Down));
        Assert.Equal(unknown, Unknown());
        Assert.Equal("HTTP/1.1 201 Created", await slow.Finish());

        int Unknown() => _world.Edge.Output.Split('\n').Count(line => line.Contains("Region eu-west went from Unknown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_edge_that_is_told_to_stop_finishes_what_is_under_way()
    {
        using var slow = new SlowPut();
        await slow.Begin(_world.EdgePort);

        _world.Edge.Signal("TERM");
        await Eventually.Holds("it is not ready any more", async () => await Http.Status($"{_world.Admin}/readyz") != 200);

        Assert.False(_world.Edge.HasExited);
        Assert.Equal("HTTP/1.1 201 Created", await slow.Finish());
        Assert.Equal(0, await _world.Edge.Exit());
    }

    [Fact]
    public async Task A_second_signal_ends_an_edge_at_once()
    {
        // Without it the request under way would have longer than this test waits.
        _world.Write(text => text.Replace("timeout: 30s }", "timeout: 1h }", StringComparison.Ordinal));
        _world.Edge.Signal("HUP");
        await _world.Edge.Says("is in use");
        using var slow = new SlowPut();
        await slow.Begin(_world.EdgePort);

        _world.Edge.Signal("TERM");
        await _world.Edge.Says("Stopping");
        Assert.False(_world.Edge.HasExited);
        _world.Edge.Signal("TERM");

        await _world.Edge.Exit();
    }
}
