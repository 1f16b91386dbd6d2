using System.Net;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Storage;
using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Tests.Replication;

public sealed class ReplicationTests
{
    [Fact]
    public async Task What_every_region_writes_comes_together_everywhere()
    {
        await using var nodes = await ThreeNodes.Start();
        var id = await NewCart(nodes, 0);
        await nodes.Converge();

        await Task.WhenAll(Enumerable.Range(0, 150).Select(i => nodes.CartsOf(i % 3).Add(id, "mug-enamel", 1, null)));
        await nodes.Converge();

        foreach (var index in Enumerable.Range(0, 3))
            Assert.Equal(150, Assert.Single((await nodes.CartsOf(index).Find(id))!.Lines).Quantity);
    }

    [Fact]
    public async Task A_node_that_was_away_catches_up_on_what_it_missed_and_brings_what_it_wrote()
    {
        await using var nodes = await ThreeNodes.Start();
        var id = await NewCart(nodes, 0);
        await nodes.Converge();
        await nodes.Stop(2);
        await nodes.CartsOf(0).Add(id, "mug-enamel", 2, null);
        await nodes.Stop(0);
        await nodes.Stop(1);
        await nodes.Start(2);
        await nodes.CartsOf(2).Add(id, "mug-enamel", 3, null);
        await nodes.Start(0);
        await nodes.Start(1);
        await nodes.Converge();

        Assert.Equal(5, Assert.Single((await nodes.CartsOf(1).Find(id))!.Lines).Quantity);
    }

    [Fact]
    public async Task What_a_dead_node_told_one_peer_reaches_the_others_through_it()
    {
        await using var nodes = await ThreeNodes.Start(0, 1);
        var id = await NewCart(nodes, 0);
        await nodes.Converge();
        await nodes.Stop(0);
        await nodes.Start(2);
        await nodes.Converge();

        Assert.NotNull(await nodes.CartsOf(2).Find(id));
    }

    [Fact]
    public async Task A_wiped_node_gets_everything_back_its_own_writes_too_and_writes_on()
    {
        await using var nodes = await ThreeNodes.Start();
        var id = await NewCart(nodes, 2);
        await nodes.Converge();
        var before = nodes.StoreOf(2).Self;
        await nodes.Stop(2);
        nodes.Wipe(2);
        await nodes.Start(2);
        await nodes.Converge();
        Assert.NotNull(await nodes.CartsOf(2).Find(id));

        await nodes.CartsOf(2).Add(id, "mug-enamel", 1, null);
        await nodes.Converge();
        Assert.NotEqual(before, nodes.StoreOf(2).Self);
        Assert.Single((await nodes.CartsOf(0).Find(id))!.Lines);
    }

    [Fact]
    public async Task Where_the_log_was_cut_a_snapshot_stands_in()
    {
        await using var nodes = await ThreeNodes.Start(0, 1);
        var ids = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => NewCart(nodes, 0)));
        await nodes.Converge();
        foreach (var index in new[] { 0, 1 })
            await nodes.StoreOf(index).Cut(nodes.StoreOf(0).Self, 200);

        await nodes.Start(2);
        await nodes.Converge();
        await Assert.AllAsync(ids, async id => Assert.NotNull(await nodes.CartsOf(2).Find(id)));
        await nodes.CartsOf(0).Add(ids[0], "mug-enamel", 1, null);
        await nodes.Converge();
        Assert.Single((await nodes.CartsOf(2).Find(ids[0]))!.Lines);
    }

    [Fact]
    public async Task A_snapshot_leaves_no_hole_in_the_log_that_others_would_read_over()
    {
        await using var nodes = await ThreeNodes.Start(0, 1);
        var ids = new List<string> { await NewCart(nodes, 0), await NewCart(nodes, 0) };
        await nodes.Converge();
        await nodes.Stop(1);
        ids.AddRange(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => NewCart(nodes, 0))));
        var origin = nodes.StoreOf(0).Self;
        await nodes.StoreOf(0).Cut(origin, 100);
        await nodes.Start(1);
        await nodes.Converge();
        ids.Add(await NewCart(nodes, 0));
        await nodes.Converge();
        Assert.NotEqual(1, nodes.StoreOf(1).Look(reader => reader.FirstOf(origin)));
        await nodes.Stop(0);

        await nodes.Start(2);
        await nodes.Converge();
        await Assert.AllAsync(ids, async id => Assert.NotNull(await nodes.CartsOf(2).Find(id)));
    }

    [Fact]
    public async Task The_log_is_cut_only_where_every_member_has_it()
    {
        await using var nodes = await ThreeNodes.Start(0, 1);
        foreach (var _ in Enumerable.Range(0, 20))
            await NewCart(nodes, 0);
        await nodes.Converge();
        var (store, options) = (nodes.StoreOf(0), nodes.Of<ReplicationOptions>(0) with { KeptEntries = 5 });
        var cutter = new LogCutter(store, nodes.Of<PeerBoard>(0), options, TimeProvider.System);

        await cutter.Cut();
        Assert.Equal(1, store.Look(reader => reader.FirstOf(store.Self)));

        await nodes.Start(2);
        await nodes.Converge();
        await Hanzo.Testing.Eventually.Holds("both peers have told that they have it", async () =>
        {
            await cutter.Cut();
            return store.Look(reader => reader.FirstOf(store.Self)) == 16;
        });
    }

    [Fact]
    public async Task A_damaged_row_is_found_by_its_digest_and_repaired_from_a_peer()
    {
        await using var nodes = await ThreeNodes.Start(0, 1);
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => NewCart(nodes, 0)));
        await nodes.Converge();
        await ReadDigests(nodes, 0);
        await ReadDigests(nodes, 1);
        var antiEntropy = nodes.Of<AntiEntropy>(1);
        Assert.Equal(0, await antiEntropy.Compare(nodes.PeerOf(0), CancellationToken.None));

        using (var disk = new SqliteConnection($"Data Source={Path.Combine(nodes.DirectoryOf(1), "state.db")};Pooling=False"))
        {
            disk.Open();
            using var damage = disk.CreateCommand();
            damage.CommandText = "update state set value = x'ff00' where key = $key; delete from state where key = $gone";
            damage.Parameters.AddWithValue("$key", ids[3]);
            damage.Parameters.AddWithValue("$gone", ids[4]);
            Assert.Equal(2, damage.ExecuteNonQuery());
        }
        await ReadDigests(nodes, 1);

        Assert.Equal(2, await antiEntropy.Compare(nodes.PeerOf(0), CancellationToken.None));
        await nodes.Converge();
        Assert.Equal(0, await antiEntropy.Compare(nodes.PeerOf(0), CancellationToken.None));
    }

    [Fact]
    public async Task Strangers_and_nodes_of_another_cluster_are_told_nothing()
    {
        await using var nodes = await ThreeNodes.Start(0);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var here = nodes.Of<ReplicationOptions>(0);
        foreach (var options in new[] { here with { Cluster = "other", Self = "eu-west-1" }, here with { Self = "eu-west-9" } })
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => new PeerClient(options, http).Snapshot(nodes.PeerOf(0), CancellationToken.None));
            Assert.Contains("403", refused.Message);
        }
    }

    [Fact]
    public async Task Peers_paths_are_not_served_to_clients_and_clients_paths_not_to_peers()
    {
        await using var nodes = await ThreeNodes.Start(0);
        using var client = new HttpClient();
        var response = await client.PostAsync(new Uri(nodes.AddressOf(0) + ReplicationEndpoints.SnapshotPath), null);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(nodes.PeerOf(0).Url, "/v1/products"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(request)).StatusCode);
    }

    private static async Task<string> NewCart(ThreeNodes nodes, int index) =>
        (await nodes.CartsOf(index).Create(Cart.NewId(Guid.NewGuid()), null, null)).Id;

    private static async Task ReadDigests(ThreeNodes nodes, int index)
    {
        for (var range = 0; range < StoreKey.Ranges; range++)
            await nodes.StoreOf(index).Digest(range);
    }
}
