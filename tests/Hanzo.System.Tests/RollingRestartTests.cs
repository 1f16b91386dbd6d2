using System.Text;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>All three nodes are restarted in turn behind an edge, and then the leader is killed, while clients reserve and send every request once.</summary>
[Collection(Lanes.Edges)]
public sealed class RollingRestartTests : IDisposable
{
    private const string Reservation = """{"items":[{"sku":"MUG","quantity":1},{"sku":"CUP","quantity":1}]}""";

    /// <summary>demo/MUG lies in this shard of four.</summary>
    private const int Shard = 2;

    private static readonly string[] Clients = [EdgeWorld.London, EdgeWorld.Ashburn, EdgeWorld.Singapore];

    private readonly string _configuration = Path.GetTempFileName();

    public void Dispose() => File.Delete(_configuration);

    [Fact]
    public async Task Nodes_are_restarted_in_turn_and_the_leader_is_killed_and_no_request_fails()
    {
        // The time that a probe every second needs to see it, as by default.
        await using var trio = await NodeTrio.Start(announce: 2);
        var ports = ReservedPorts.Take(3);
        await Configure();
        await using var edge = RunningProgram.Start(Repository.Edge, ["run", "--config", _configuration], new Dictionary<string, string>
        {
            ["HANZO_EDGE_PORT"] = $"{ports}",
            ["HANZO_EDGE_ADMIN_PORT"] = $"{ports + 1}",
            ["HANZO_EDGE_DNS_PORT"] = $"{ports + 2}",
            ["HANZO_AP_SOUTHEAST_PORT"] = $"{trio.PortOf(0)}",
            ["HANZO_EU_WEST_PORT"] = $"{trio.PortOf(1)}",
            ["HANZO_US_EAST_PORT"] = $"{trio.PortOf(2)}",
        });
        await Eventually.Holds("the edge is ready", async () => await Http.Status($"http://127.0.0.1:{ports + 1}/readyz") == 200);
        await trio.Stock(100_000, "MUG", "CUP");
        // A fresh node compiles its first requests, which on a busy machine takes longer than an attempt may.
        for (var i = 0; i < Clients.Length; i++)
            await Eventually.Holds("the edge is answered", async () => (await Reserve(ports, $"{i}-warm")).Status == 201);

        await using var load = new KeyedLoad(clients: 6, attempts: 1, (key, _) => Reserve(ports, key));
        await load.Goes(20);
        for (var node = 0; node < 3; node++)
        {
            await trio.Restart(node);
            await load.Goes(20);
            // Who restarts them goes on when the edge has taken the last one back.
            await Eventually.Holds("the edge sees all regions up", async () => EdgeWorld.AreUp(await Http.Json($"http://127.0.0.1:{ports + 1}/regions")));
        }
        // Nor does one when the node is killed that leads: keyed requests go on elsewhere, and wait there for the next leader.
        var leader = await trio.LeaderOf(Shard, seenBy: 0);
        await trio.Kill(leader);
        await load.Goes(40);
        await load.Stop();

        Assert.True(load.Failures.Count == 0, $"{string.Join('\n', load.Failures)}\n{edge.Output}");
        Assert.Equal(load.Answers.Count + Clients.Length, (await trio.Json((leader + 1) % 3, "/v1/inventory/MUG")).GetProperty("held").GetInt32());
    }

    /// <summary>
    /// The demo's, with leave to repeat as much as needs be: where a busy machine makes attempts too slow, those that move on
    /// for it take what a few clients have before a node is even restarted.
    /// </summary>
    private async Task Configure()
    {
        const string Bounds = "failover: { requests: 1s, dns: 20s }";
        var demo = EdgeWorld.Demo(EdgeWorld.Database);
        Assert.Contains(Bounds, demo, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_configuration, demo.Replace(Bounds, "failover: { requests: 1s, dns: 20s, retryBudget: { perSecond: 1000 } }", StringComparison.Ordinal));
    }

    private static async Task<(int Status, string Body)> Reserve(int port, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/v1/reservations")
        {
            Content = new StringContent(Reservation, Encoding.UTF8, "application/json"),
            Headers = { { "Authorization", $"Bearer {NodeTrio.Key}" }, { "Idempotency-Key", key }, { "X-Forwarded-For", Clients[(key[0] - '0') % Clients.Length] } },
        };
        using var response = await Http.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
