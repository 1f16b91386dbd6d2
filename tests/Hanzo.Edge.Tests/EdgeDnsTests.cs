using DnsClient;
using Hanzo.Edge.Steering;
using Hanzo.Testing;

namespace Hanzo.Edge.Tests;

/// <summary>The DNS server as an edge runs it, asked over sockets.</summary>
public sealed class EdgeDnsTests
{
    [Fact]
    public async Task An_answer_follows_health_and_configuration()
    {
        await using var world = await DnsWorld.Start();

        Assert.Equal("203.0.113.1", await Ask(world.Client)); // the default place is in Virginia
        world.State.Snapshots.Apply(world.Configured(text => text.Replace("  us-east:\n    location", "  us-east:\n    drained: true\n    location", StringComparison.Ordinal)));
        await Eventually.Holds("the drained region is no answer any more", async () => await Ask(world.Client) == "203.0.113.2");
    }

    [Fact]
    public async Task Reloads_lose_no_query_and_every_answer_is_whole()
    {
        await using var world = await DnsWorld.Start();
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
        await using var world = await DnsWorld.Start();
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
}
