using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Tests.Replication;
using Parquet.Serialization;
using Parquet.Serialization.Attributes;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

/// <summary>A warehouse takes the logs over HTTP from real nodes.</summary>
public sealed class ExportsApiTests : IAsyncLifetime
{
    private readonly HttpClient _client = new() { DefaultRequestHeaders = { { "Authorization", $"Bearer {ThreeNodes.Key}" } } };
    private ThreeNodes _nodes = null!;
    private string _origin = "";

    public async Task InitializeAsync()
    {
        _nodes = await ThreeNodes.Start(0, 1);
        _origin = $"{_nodes.StoreOf(0).Self}";
        await _nodes.Converge();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _nodes.DisposeAsync();
    }

    [Fact]
    public async Task A_range_is_the_same_from_every_region_and_in_both_formats()
    {
        await Tell(120);
        await _nodes.CartsOf(0).Create("cart_0123456789abcdef0123456789abcdef", null, null);
        await _nodes.Converge();

        var lines = await Lines(0, "after=0");
        Assert.Equal(lines, await Lines(1, "after=0"));
        var events = lines.Select(line => JsonDocument.Parse(line).RootElement).Where(row => row.GetProperty("collection").GetString() == "events").ToList();
        Assert.Equal(Enumerable.Range(0, 120).Select(i => $"e{i:000}"), events.Select(row => row.GetProperty("key").GetString()));
        Assert.Equal(7, events[7].GetProperty("properties").GetProperty("price").GetInt32());

        using var file = await Get(1, "after=0&format=parquet");
        Assert.Equal("application/vnd.apache.parquet", file.Content.Headers.ContentType!.ToString());
        var rows = (await ParquetSerializer.DeserializeAsync<Row>(await file.Content.ReadAsStreamAsync())).Data;
        Assert.Equal(lines.Select(line => JsonDocument.Parse(line).RootElement).Select(Row.Of), rows);
    }

    [Fact]
    public async Task An_export_goes_on_where_it_was_interrupted_in_another_region()
    {
        await Tell(90);
        await _nodes.Converge();
        var whole = await Lines(0, "after=0");
        var (parts, after) = (new List<string>(), "0");
        for (var node = 0; ; node = 1 - node)
        {
            using var part = await Get(node, $"after={after}&limit=7");
            after = part.Headers.GetValues("Hanzo-Export-Last").Single();
            Assert.Contains($"after={after}&limit=7", part.Headers.GetValues("Link").Single());
            if (part.StatusCode == HttpStatusCode.NoContent)
                break;
            parts.AddRange((await part.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        Assert.Equal(whole, parts);
    }

    [Fact]
    public async Task What_each_region_has_is_listed_and_what_is_cut_is_told()
    {
        await Tell(10);
        await _nodes.Converge();
        await _nodes.StoreOf(1).Cut(_nodes.StoreOf(0).Self, 4);

        using var list = await _client.GetAsync(new Uri(_nodes.AddressOf(1) + "/v1/analytics/exports"));
        var log = (await Json(list)).GetProperty("data").EnumerateArray().Single(log => log.GetProperty("node").GetString() == "us-east-1");
        Assert.Equal((_origin, 5, _nodes.StoreOf(0).Vector[_nodes.StoreOf(0).Self]), (log.GetProperty("origin").GetString(), log.GetProperty("first").GetInt64(), log.GetProperty("last").GetInt64()));
        Assert.Equal("log_cut", await ProblemCode(await Get(1, "after=0"), HttpStatusCode.Gone));
        Assert.NotEmpty(await Lines(1, "after=4"));
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused()
    {
        foreach (var query in new[] { "after=-1", "limit=0", "limit=20001", "format=csv", "since=1", "after=1&after=2" })
            Assert.Equal("invalid_query", await ProblemCode(await Get(0, query), HttpStatusCode.BadRequest));
        _origin = "0000000000000001";
        Assert.Equal("origin_not_found", await ProblemCode(await Get(0, ""), HttpStatusCode.NotFound));
    }

    private async Task Tell(int count)
    {
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        for (var i = 0; i < count; i++)
        {
            using var told = await _client.PostAsync(new Uri(_nodes.AddressOf(0) + "/v1/events"), new StringContent(
                $$$"""{"events":[{"id":"e{{{i:000}}}","event":"mug.seen","session":"s{{{i % 3}}}","timestamp":"{{{now}}}","properties":{"price":{{{i}}},"colour":"rød"}}]}""",
                new MediaTypeHeaderValue("application/json")));
            Assert.Equal(HttpStatusCode.Accepted, told.StatusCode);
        }
    }

    private Task<HttpResponseMessage> Get(int node, string query) => _client.GetAsync(new Uri($"{_nodes.AddressOf(node)}/v1/analytics/exports/{_origin}?{query}"));

    private async Task<string[]> Lines(int node, string query)
    {
        using var response = await Get(node, query);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.ToString());
        return (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What a reader of the file sees, apart from the class that wrote it.</summary>
    private sealed record Row
    {
        [JsonPropertyName("sequence")]
        public long Sequence { get; set; }

        [JsonPropertyName("part")]
        public int Part { get; set; }

        [JsonPropertyName("at")]
        public DateTime At { get; set; }

        [JsonPropertyName("key")]
        [ParquetRequired]
        public string? Key { get; set; }

        [JsonPropertyName("session")]
        public string? Session { get; set; }

        [JsonPropertyName("timestamp")]
        public DateTime? Timestamp { get; set; }

        [JsonPropertyName("properties")]
        public string? Properties { get; set; }

        public static Row Of(JsonElement line) => new()
        {
            Sequence = line.GetProperty("sequence").GetInt64(),
            Part = line.GetProperty("part").GetInt32(),
            At = line.GetProperty("at").GetDateTime(),
            Key = line.GetProperty("key").GetString(),
            Session = line.TryGetProperty("session", out var session) ? session.GetString() : null,
            Timestamp = line.TryGetProperty("timestamp", out var timestamp) ? timestamp.GetDateTime() : null,
            Properties = line.TryGetProperty("properties", out var properties) ? properties.GetRawText() : null,
        };
    }
}
