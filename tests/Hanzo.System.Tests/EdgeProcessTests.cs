using System.Net;
using System.Net.Sockets;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>The whole as its users meet it: an edge before three regions, all real processes that live through every test here.</summary>
[Collection(Lanes.Edges)]
public sealed class EdgeProcessTests(RunningEdgeWorld running) : IAsyncLifetime
{
    private readonly EdgeWorld _world = running.World;

    public Task InitializeAsync() => _world.Restore();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Clients_on_three_continents_land_in_their_nearest_region()
    {
        Assert.Equal("eu-west", await _world.RegionOf(EdgeWorld.London));
        Assert.Equal("us-east", await _world.RegionOf(EdgeWorld.Ashburn));
        Assert.Equal("ap-southeast", await _world.RegionOf(EdgeWorld.Singapore));
        Assert.Equal("ap-southeast-1", await Http.Field(_world.Products, "Hanzo-Node", EdgeWorld.Singapore));
    }

    [Fact]
    public async Task A_changed_configuration_is_taken_and_a_broken_one_never()
    {
        _world.Write(InSydney);
        await Eventually.Holds("Dublin moved to Sydney", async () => await _world.RegionOf(EdgeWorld.London) == "us-east");

        _world.Write(text => text.Replace("tieBand: 5ms", "tieBand: five", StringComparison.Ordinal));
        await Eventually.Holds("the edge says no", () => _world.Measures("hanzo_edge_config_last_reload_successful 0"));
        Assert.Equal("us-east", await _world.RegionOf(EdgeWorld.London));
        Assert.Equal("ap-southeast", await _world.RegionOf(EdgeWorld.Singapore));

        _world.Write(text => text);
        await Eventually.Holds("Dublin is back", async () => await _world.RegionOf(EdgeWorld.London) == "eu-west");
        await Eventually.Holds("the edge says so", () => _world.Measures("hanzo_edge_config_last_reload_successful 1"));
    }

    [Fact]
    public async Task A_change_is_in_use_within_two_seconds_however_the_file_is_replaced()
    {
        await ShowsWithin(TimeSpan.FromSeconds(2), [_world.Write, _world.WriteInPlace, _world.WriteByLink], InSydney, text => text);
    }

    [Fact]
    public async Task A_hangup_signal_reads_the_configuration_at_once()
    {
        _world.Write(InSydney);
        _world.Edge.Signal("HUP");

        await Eventually.Holds("Dublin moved to Sydney", async () => await _world.RegionOf(EdgeWorld.London) == "us-east");
        await _world.Edge.Says("is in use");
        _world.Edge.Signal("HUP");
        await _world.Edge.Says("nothing changed");
    }

    [Fact]
    public async Task A_new_location_database_serves_within_ten_seconds_and_fails_no_request()
    {
        using var stop = new CancellationTokenSource();
        var asking = Task.Run(async () =>
        {
            var asked = 0;
            while (!stop.IsCancellationRequested)
            {
                Assert.Equal(200, await Http.Status(_world.Products));
                asked++;
            }
            return asked;
        });

        await ShowsWithin(TimeSpan.FromSeconds(10), [_world.RenameDatabase, _world.OverwriteDatabase, _world.LinkDatabase], EdgeWorld.OtherDatabase, EdgeWorld.Database);

        await stop.CancelAsync();
        Assert.True(await asking > 0);
    }

    [Fact]
    public async Task The_metrics_page_passes_promtool()
    {
        Assert.Equal("eu-west", await _world.RegionOf(EdgeWorld.London));
        Assert.Equal(404, await Http.Status($"http://127.0.0.1:{_world.EdgePort}/nowhere"));
        await Eventually.Holds("the request is counted", () => _world.Measures(line => line.StartsWith("hanzo_edge_requests_total{", StringComparison.Ordinal)));
        var page = Path.GetTempFileName();
        await File.WriteAllTextAsync(page, await Http.Client.GetStringAsync($"{_world.Admin}/metrics"));

        await using var promtool = RunningProgram.Start("/bin/sh", ["-c", $"promtool check metrics < {page} && rm {page}"]);

        Assert.True(await promtool.Exit() == 0, promtool.Output);
        Assert.Equal("", promtool.Output);
    }

    [Fact]
    public async Task A_taken_port_is_told_with_the_key_that_moves_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, ReservedPorts.Take());
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        Assert.Equal(
            $"hanzo-edge: {_world.ConfigurationFile}: cannot listen on 127.0.0.1:{port}: another program has this port; stop it, or change `listen`",
            await Refusal(clients: port, admin: ReservedPorts.Take()));
        Assert.Equal(
            $"hanzo-edge: {_world.ConfigurationFile}: cannot listen on 127.0.0.1:{port}: another program has this port; stop it, or change `admin.address`",
            await Refusal(clients: ReservedPorts.Take(), admin: port));

        async Task<string> Refusal(int clients, int admin)
        {
            await using var second = _world.RunEdge(clients, admin);
            Assert.Equal(1, await second.Exit());
            return second.Output.Split('\n').Single(line => !line.StartsWith('{')); // beside what it logs
        }
    }

    [Fact]
    public async Task A_broken_configuration_starts_nothing_and_shows_its_line()
    {
        _world.Write(text => text.Replace("tieBand: 5ms", "tieBand: five", StringComparison.Ordinal));
        await using var second = _world.RunEdge();

        Assert.Equal(78, await second.Exit());
        Assert.Matches(@"edge\.yaml:\d+:\d+", second.Output);
    }

    private static string InSydney(string text) => text.Replace("location: [53.35, -6.26]", "location: [-33.87, 151.21]", StringComparison.Ordinal);

    /// <summary>
    /// Goes by each way in turn to a state in which London belongs to us-east, and back from it by the next. The least time
    /// of up to five that one takes to show is what counts: a busy machine only adds to it, so the first within
    /// <paramref name="bound"/> proves the bound.
    /// </summary>
    private async Task ShowsWithin<T>(TimeSpan bound, Action<T>[] ways, T elsewhere, T home)
    {
        var away = false;
        foreach (var replace in ways)
        {
            var least = TimeSpan.MaxValue;
            for (var attempt = 0; attempt < 5 && least > bound; attempt++)
            {
                Assert.Equal(away ? "us-east" : "eu-west", await _world.RegionOf(EdgeWorld.London));
                away = !away;
                var start = TimeProvider.System.GetTimestamp();
                replace(away ? elsewhere : home);
                await Eventually.Holds("the change shows", async () => await _world.RegionOf(EdgeWorld.London) == (away ? "us-east" : "eu-west"));
                var took = TimeProvider.System.GetElapsedTime(start);
                least = took < least ? took : least;
            }
            Assert.InRange(least, TimeSpan.Zero, bound);
        }
    }
}
