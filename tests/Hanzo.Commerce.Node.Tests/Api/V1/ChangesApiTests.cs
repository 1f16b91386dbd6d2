using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hanzo.Commerce.Node.Tests.Replication;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

/// <summary>Whoever follows the changes, over HTTP, against real nodes.</summary>
public sealed class ChangesApiTests : IAsyncLifetime
{
    private readonly HttpClient _client = new() { DefaultRequestHeaders = { { "Authorization", $"Bearer {ThreeNodes.Key}" } } };
    private ThreeNodes _nodes = null!;

    public async Task InitializeAsync() => _nodes = await ThreeNodes.Start(0, 1);

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _nodes.DisposeAsync();
    }

    [Fact]
    public async Task A_cursor_goes_on_in_another_region_and_nothing_is_missing_or_told_twice()
    {
        var cursor = (await Page(0, "")).Next;
        var made = new List<string>();
        var told = new List<string>();
        for (var round = 0; round < 20; round++)
        {
            made.Add((await _nodes.CartsOf(round % 2).Create($"cart_{Guid.NewGuid():n}", null, null)).Id);
            var page = await Page((round / 2) % 2, $"cursor={cursor}&collections=carts&wait=10&limit=2");
            told.AddRange(page.Keys);
            cursor = page.Next;
        }
        while (told.Count < made.Count)
        {
            var page = await Page(1, $"cursor={cursor}&collections=carts&wait=10");
            told.AddRange(page.Keys);
            cursor = page.Next;
        }
        Assert.Equal(made.Order(), told.Order());
        Assert.Empty((await Page(1, $"cursor={cursor}&collections=carts")).Keys);
    }

    [Fact]
    public async Task A_change_tells_what_is_there_now()
    {
        await _nodes.CartsOf(0).Create("cart_0123456789abcdef0123456789abcdef", null, "first");
        using (await _client.PutAsync(new Uri(_nodes.AddressOf(0) + "/v1/products/a-mug"), Content("""{"sku":"A-MUG","name":"A mug","price":{"amount":700,"currency":"EUR"}}""")))
        using (await _client.PostAsync(new Uri(_nodes.AddressOf(0) + "/v1/events"), Content($$"""{"events":[{"id":"e1","event":"mug.seen","session":"s","timestamp":"{{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}"}]}""")))
        {
        }
        var data = (await Page(0, "from=oldest&limit=1000")).Data;
        Assert.Equal("first", One("carts", "cart_0123456789abcdef0123456789abcdef").GetProperty("note").GetString());
        Assert.Equal("A mug", One("products", "a-mug").GetProperty("name").GetString());
        Assert.Equal("mug.seen", One("events", "e1").GetProperty("event").GetString());

        JsonElement One(string collection, string key)
        {
            var change = data.Single(change => change.GetProperty("collection").GetString() == collection && change.GetProperty("key").GetString() == key);
            Assert.Equal("us-east-1", change.GetProperty("node").GetString());
            return change.GetProperty("data");
        }
    }

    [Fact]
    public async Task A_stream_tells_changes_as_they_come_and_goes_on_after_its_last_id()
    {
        string last;
        await using (var stream = await Stream(0, null))
        {
            await _nodes.CartsOf(1).Create("cart_00000000000000000000000000000001", null, "by stream");
            var (id, data) = await stream.Next("carts");
            Assert.Equal("by stream", data.GetProperty("data").GetProperty("note").GetString());
            last = id!;
        }
        await _nodes.CartsOf(0).Create("cart_00000000000000000000000000000002", null, "meanwhile");
        await using var again = await Stream(1, last);
        Assert.Equal("meanwhile", (await again.Next("carts")).Data.GetProperty("data").GetProperty("note").GetString());
    }

    [Fact]
    public async Task A_page_waits_for_a_change_and_no_longer()
    {
        var cursor = (await Page(0, "")).Next;
        var waiting = Page(0, $"cursor={cursor}&collections=carts&wait=30");
        await _nodes.CartsOf(0).Create("cart_00000000000000000000000000000003", null, null);
        Assert.Equal(["cart_00000000000000000000000000000003"], (await waiting).Keys);
    }

    [Fact]
    public async Task A_cursor_whose_changes_are_gone_is_told_so()
    {
        var cursor = (await Page(0, "")).Next;
        foreach (var _ in Enumerable.Range(0, 3))
            await _nodes.CartsOf(0).Create($"cart_{Guid.NewGuid():n}", null, null);
        var store = _nodes.StoreOf(0);
        await store.Cut(store.Self, store.Vector[store.Self] - 1);

        Assert.Equal("cursor_expired", await ProblemCode(await Get(0, $"cursor={cursor}"), HttpStatusCode.Gone));
        Assert.Single((await Page(0, "from=oldest")).Keys, key => key.StartsWith("cart_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_and_strangers_are_told_nothing()
    {
        foreach (var (query, code) in new[]
        {
            ("cursor=forged", "invalid_cursor"), ("cursor=AQ&cursor=AQ", "invalid_query"), ("collections=orders", "invalid_query"),
            ("limit=0", "invalid_limit"), ("wait=61", "invalid_query"), ("from=yesterday", "invalid_query"), ("since=1", "invalid_query"),
        })
            Assert.Equal(code, await ProblemCode(await Get(0, query), HttpStatusCode.BadRequest));
        using var stranger = new HttpClient();
        Assert.Equal("unauthorized", await ProblemCode(await stranger.GetAsync(new Uri(_nodes.AddressOf(0) + "/v1/changes")), HttpStatusCode.Unauthorized));
    }

    private Task<HttpResponseMessage> Get(int node, string query) => _client.GetAsync(new Uri($"{_nodes.AddressOf(node)}/v1/changes?{query}"));

    private async Task<(List<JsonElement> Data, IEnumerable<string> Keys, string Next)> Page(int node, string query)
    {
        using var response = await Get(node, query);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var body = await Json(response);
        List<JsonElement> data = [.. body.GetProperty("data").EnumerateArray()];
        return (data, data.Select(change => change.GetProperty("key").GetString()!).ToList(), body.GetProperty("next_cursor").GetString()!);
    }

    private async Task<EventStream> Stream(int node, string? lastId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_nodes.AddressOf(node) + "/v1/changes")) { Headers = { { "Accept", "text/event-stream" } } };
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var stream = new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        await stream.Next("position");
        return stream;
    }

    private static StringContent Content(string body) => new(body, new MediaTypeHeaderValue("application/json"));

    private sealed class EventStream(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        /// <summary>The next event of a kind.</summary>
        public async Task<(string? Id, JsonElement Data)> Next(string kind)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var (id, name) = (default(string), "");
            while (await reader.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = line[4..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                    name = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal) && name == kind)
                    return (id, JsonDocument.Parse(line[6..]).RootElement);
            }
            throw new EndOfStreamException($"The stream ended before a {kind}.");
        }

        public ValueTask DisposeAsync()
        {
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
