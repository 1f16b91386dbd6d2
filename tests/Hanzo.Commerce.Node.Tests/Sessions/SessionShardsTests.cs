using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Sessions;
using Hanzo.Commerce.Node.Tests.Replication;
using Hanzo.Testing;

namespace Hanzo.Commerce.Node.Tests.Sessions;

/// <summary>Local readings of what consensus keeps, by clients that go from node to node; over HTTP, against real nodes.</summary>
public sealed class SessionShardsTests : IAsyncLifetime
{
    private static readonly byte[] Key = SessionGateOptions.OpenKey("hanzo");

    private readonly HttpClient _client = new();
    private ThreeNodes _nodes = null!;

    public async Task InitializeAsync()
    {
        // As long as a busy machine may take to bring a node what its client has seen.
        _nodes = await ThreeNodes.Start(sessionWait: TimeSpan.FromSeconds(2));
        await Eventually.Holds("every shard is led", () => Enumerable.Range(0, 3).All(node => _nodes.Of<Replicas>(node).IsLed));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _nodes.DisposeAsync();
    }

    [Fact]
    public async Task What_a_client_wrote_or_read_is_in_the_local_readings_of_the_next_node()
    {
        var session = await Put("MOVES", 0);
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            session = (await Ask(HttpMethod.Post, random.Next(3), "/v1/inventory/MOVES/adjustments", session, """{"delta":1}""")).Session;
            var first = await Ask(HttpMethod.Get, random.Next(3), "/v1/inventory/MOVES", session, consistency: "local");
            Assert.Equal((seed, "current", seed), (seed, first.State, OnHand(first.Body)));
            var second = await Ask(HttpMethod.Get, random.Next(3), "/v1/inventory/MOVES", first.Session, consistency: "local");
            Assert.Equal((seed, "current", seed), (seed, second.State, OnHand(second.Body)));
        }
    }

    [Fact]
    public async Task A_cart_asks_no_shard_and_its_answer_passes_on_what_was_seen_of_them()
    {
        var session = await Put("PASSED", 0);
        var seen = SessionToken.Read(session, Key)!.Value.Shards;
        Assert.NotEmpty(seen);
        var cart = await Ask(HttpMethod.Post, 1, "/v1/carts", session, "{}");
        Assert.Equal("current", cart.State);
        Assert.Equal<ShardIndex>(seen, SessionToken.Read(cart.Session, Key)!.Value.Shards);
    }

    [Fact]
    public async Task A_node_that_does_not_have_it_in_time_asks_the_leader()
    {
        await Put("AHEAD", 5);
        var answer = await Ask(HttpMethod.Get, 1, "/v1/inventory/AHEAD", Ahead(), consistency: "local");
        Assert.Equal(("current", 5), (answer.State, OnHand(answer.Body)));
        Assert.True(SessionToken.Read(answer.Session, Key)!.Value.Shards.All(shard => shard.Index >= 1_000_000));
    }

    [Fact]
    public async Task A_node_that_can_have_it_from_nobody_says_so_and_the_next_time_at_once()
    {
        await Put("ALONE", 5);
        await Eventually.Holds("the node has it", async () => (await Ask(HttpMethod.Get, 0, "/v1/inventory/ALONE", null, consistency: "local")).Status == HttpStatusCode.OK);
        await _nodes.Stop(1);
        await _nodes.Stop(2);
        var answer = await Ask(HttpMethod.Get, 0, "/v1/inventory/ALONE", Ahead(), consistency: "local");
        Assert.Equal(("behind", 5), (answer.State, OnHand(answer.Body)));

        var began = TimeProvider.System.GetTimestamp();
        Assert.Equal("behind", (await Ask(HttpMethod.Get, 0, "/v1/inventory/ALONE", answer.Session, consistency: "local")).State);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public async Task Readings_that_ask_for_no_local_answer_wait_for_nothing()
    {
        await Put("LINEAR", 5);
        var answer = await Ask(HttpMethod.Get, 2, "/v1/inventory/LINEAR", Ahead());
        Assert.Equal(("current", 5), (answer.State, OnHand(answer.Body)));
    }

    /// <summary>The session of a client that has seen more of every shard than any node has.</summary>
    private static string Ahead() => SessionToken.Write(new Seen(VersionVector.Empty, [.. Enumerable.Range(0, 4).Select(shard => new ShardIndex(shard, 1_000_000 + shard))]), Key);

    private async Task<string> Put(string sku, int onHand)
    {
        var answer = await Ask(HttpMethod.Put, 0, $"/v1/inventory/{sku}", null, $$"""{"on_hand":{{onHand}}}""");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Session;
    }

    private async Task<(HttpStatusCode Status, string Session, string? State, string Body)> Ask(
        HttpMethod method, int node, string path, string? session, string? body = null, string? consistency = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_nodes.AddressOf(node) + path));
        request.Headers.Add("Authorization", $"Bearer {ThreeNodes.Key}");
        if (method == HttpMethod.Post)
            request.Headers.Add("Idempotency-Key", $"{Guid.NewGuid()}");
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        if (session is not null)
            request.Headers.Add(SessionGate.TokenHeader, session);
        if (consistency is not null)
            request.Headers.Add("Consistency", consistency);
        using var response = await _client.SendAsync(request);
        return (
            response.StatusCode,
            response.Headers.GetValues(SessionGate.TokenHeader).Single(),
            response.Headers.TryGetValues(SessionGate.StateHeader, out var state) ? state.Single() : null,
            await response.Content.ReadAsStringAsync());
    }

    private static int OnHand(string body) => int.Parse(JsonDocument.Parse(body).RootElement.GetProperty("on_hand").GetRawText(), CultureInfo.InvariantCulture);
}
