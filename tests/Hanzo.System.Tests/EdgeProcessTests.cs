using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>The whole as its users meet it: an edge before three regions, all real processes.</summary>
public sealed class EdgeProcessTests : IAsyncLifetime
{
    private static readonly TimeSpan ReloadBound = TimeSpan.FromSeconds(2);

    private EdgeWorld _world = null!;

    public async Task InitializeAsync() => _world = await EdgeWorld.Start();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Clients_on_three_continents_land_in_their_nearest_region()
    {
        Assert.Equal("eu-west", await _world.RegionOf(EdgeWorld.London));
        Assert.Equal("us-east", await _world.RegionOf(EdgeWorld.Ashburn));
        Assert.Equal("ap-southeast", await _world.RegionOf(EdgeWorld.Singapore));
        Assert.Equal("ap-southeast-1", await Http.Field(_world.Products, "Hanzo-Node", EdgeWorld.Singapore));
    }

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
    public async Task A_changed_configuration_is_taken_in_time_and_a_broken_one_never()
    {
        _world.Write(text => text.Replace("location: [53.35, -6.26]", "location: [-33.87, 151.21]", StringComparison.Ordinal));
        await Eventually.Holds("Dublin moved to Sydney", async () => await _world.RegionOf(EdgeWorld.London) == "us-east", ReloadBound);

        _world.Write(text => text.Replace("tieBand: 5ms", "tieBand: five", StringComparison.Ordinal));
        await Eventually.Holds("the edge says no", () => _world.Measures("hanzo_edge_config_last_reload_successful 0"), ReloadBound);
        Assert.Equal("us-east", await _world.RegionOf(EdgeWorld.London));
        Assert.Equal("ap-southeast", await _world.RegionOf(EdgeWorld.Singapore));

        _world.Write(text => text);
        await Eventually.Holds("Dublin is back", async () => await _world.RegionOf(EdgeWorld.London) == "eu-west", ReloadBound);
        Assert.True(await _world.Measures("hanzo_edge_config_last_reload_successful 1"));
    }

    [Fact]
    public async Task An_edge_that_is_told_to_stop_finishes_what_is_under_way()
    {
        using var slow = new SlowPut();
        await slow.Begin(_world.EdgePort);
        await Eventually.Holds("the request is under way", async () =>
            (await Http.Client.GetStringAsync($"{_world.Admin}/metrics")).Split('\n').Any(line => line.StartsWith("hanzo_edge_requests_in_flight{", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal)));

        _world.Edge.Signal("TERM");
        await Eventually.Holds("it is not ready any more", async () => await Http.Status($"{_world.Admin}/readyz") != 200);

        Assert.False(_world.Edge.HasExited);
        Assert.Equal("HTTP/1.1 201 Created", await slow.Finish());
        Assert.Equal(0, await _world.Edge.Exit());
    }

    [Fact]
    public async Task A_second_signal_ends_an_edge_at_once()
    {
        using var slow = new SlowPut();
        await slow.Begin(_world.EdgePort);

        _world.Edge.Signal("TERM");
        await _world.Edge.Says("Stopping");
        Assert.False(_world.Edge.HasExited);
        _world.Edge.Signal("TERM");

        // Far less than the 30 s that the request under way would have.
        await _world.Edge.Exit(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_taken_port_is_told_with_its_number()
    {
        await using var second = _world.RunEdge();

        Assert.Equal(1, await second.Exit());
        // Which of its two ports it asks for first is its own affair.
        Assert.Matches($"(?m)^hanzo-edge: .*127.0.0.1:({_world.EdgePort}|{_world.EdgePort + 1}).*in use", second.Output);
    }

    [Fact]
    public async Task A_broken_configuration_starts_nothing_and_shows_its_line()
    {
        _world.Write(text => text.Replace("tieBand: 5ms", "tieBand: five", StringComparison.Ordinal));
        await using var second = _world.RunEdge();

        Assert.Equal(78, await second.Exit());
        Assert.Matches(@"edge\.yaml:\d+:\d+", second.Output);
    }
}
