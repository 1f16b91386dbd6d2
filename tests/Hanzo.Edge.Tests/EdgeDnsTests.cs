using System.Diagnostics.Metrics;
using System.Globalization;
using DnsClient;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;
using Hanzo.Edge.Tests.Configuration;
using Hanzo.Edge.Tests.Location;
using Hanzo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Edge.Tests;

/// <summary>The DNS server as an edge runs it, asked over sockets.</summary>
public sealed class EdgeDnsTests
{
    [Fact]
    public async Task An_answer_follows_health_and_configuration()
    {
        await using var world = await World.Start();

        Assert.Equal("203.0.113.1", await Ask(world.Client)); // the default place is in Virginia
        world.State.Snapshots.Apply(world.Configured(text => text.Replace("  us-east:\n    location", "  us-east:\n    drained: true\n    location", StringComparison.Ordinal)));
        await Eventually.Holds("the drained region is no answer any more", async () => await Ask(world.Client) == "203.0.113.2");
    }

    [Fact]
    public async Task Reloads_lose_no_query_and_every_answer_is_whole()
    {
        await using var world = await World.Start();
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<string>();
            // A query that is lost ends the test: there is no second try.
            for (; !stop.IsCancellationRequested;) seen.Add(await Ask(world.Client));
            return seen;
        })).ToList();

        for (var reload = 1; reload <= 20; reload++)
        {
            var address = $"198.51.100.{reload}";
            world.State.Snapshots.Apply(world.Configured(text => text.Replace("203.0.113.1,", $"{address},", StringComparison.Ordinal)));
            await Eventually.Holds("the new address is answered", async () => await Ask(world.Client) == address);
        }

        await stop.CancelAsync();
        var known = Enumerable.Range(1, 20).Select(reload => $"198.51.100.{reload}").Append("203.0.113.1").ToHashSet();
        Assert.All(await Task.WhenAll(asking), seen => Assert.Subset(known, seen));
    }

    [Fact]
    public async Task What_changes_no_decision_prepares_no_answer()
    {
        await using var world = await World.Start();
        await world.State.Board.FirstRound; // nothing listens: every region is down, and the nearest is answered all the same
        world.Order(RegionOverride.ForcedUp, "a test");
        await Eventually.Holds("the only region that is up is the answer", async () => await Ask(world.Client) == "203.0.113.2");
        var (prepared, published) = (world.Prepared, world.State.Snapshots.Current.World.Health.Version);

        world.Order(RegionOverride.ForcedUp, "the same again");
        world.Order(RegionOverride.None, "a test");
        await Eventually.Holds("all are down again", async () => await Ask(world.Client) == "203.0.113.1");

        Assert.Equal(published + 2, world.State.Snapshots.Current.World.Health.Version);
        Assert.Equal(prepared + 1, world.Prepared);
    }

    private static async Task<string> Ask(LookupClient client) =>
        (await client.QueryAsync("shop.edge.test", QueryType.A)).Answers.ARecords().Single().Address.ToString();

    private sealed class World : IAsyncDisposable
    {
        private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly string text = File.ReadAllText(Path.Combine(Read.Root, "config/edge-dns.yaml"));
        private readonly string port = ReservedPorts.Take().ToString(CultureInfo.InvariantCulture);
        private readonly MeasuredMeter meter;
        private readonly EdgeDns dns;

        private World()
        {
            var meters = services.GetRequiredService<IMeterFactory>();
            meter = new MeasuredMeter(meters);
            State = new EdgeState(new HealthBoard(TimeProvider.System, new Random(1), meters, NullLogger<HealthBoard>.Instance), meters, TimeProvider.System, 1);
            var configuration = Configured(text => text);
            State.Snapshots.Apply(configuration, new PlaceTable());
            dns = new EdgeDns(State, configuration.Dns!, NullLoggerFactory.Instance);
            Client = new LookupClient(new LookupClientOptions(configuration.Dns!.Listen[0]) { UseCache = false, Retries = 0, Timeout = TimeSpan.FromSeconds(5) });
        }

        public EdgeState State { get; }

        public LookupClient Client { get; }

        /// <summary>How often the answers were prepared.</summary>
        public double Prepared => meter.Total("hanzo_edge_publications_total", "within", "yes") + meter.Total("hanzo_edge_publications_total", "within", "no");

        public static async Task<World> Start()
        {
            var world = new World();
            await world.dns.StartAsync();
            return world;
        }

        public EdgeConfiguration Configured(Func<string, string> change) => Read.Text(change(text), ("HANZO_EDGE_DNS_PORT", port), ("HANZO_EDGE_DNS_RATE", "0")).Configuration!;

        public void Order(RegionOverride kind, string reason) =>
            Assert.Null(State.Board.Override(new OverrideOrder("eu-west", kind, reason, "tester", TimeSpan.FromHours(1))).Refusal);

        public async ValueTask DisposeAsync()
        {
            await dns.DisposeAsync();
            await State.Board.DisposeAsync();
            meter.Dispose();
            await services.DisposeAsync();
        }
    }
}
