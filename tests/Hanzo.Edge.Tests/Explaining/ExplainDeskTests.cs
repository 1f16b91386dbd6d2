using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Explaining;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;
using Hanzo.Testing;

namespace Hanzo.Edge.Tests.Explaining;

public sealed class ExplainDeskTests : IAsyncLifetime
{
    private static readonly ExplainQuestion Anything = new(null, null, "GET");

    private readonly ExplainDesk desk;

    public ExplainDeskTests()
    {
        var yaml = """
            version: 1
            edge: { name: test }
            listen: [{ address: "127.0.0.1:0" }]
            admin: { address: "127.0.0.1:0" }
            geo: { database: none.mmdb, defaultPlace: { country: US, continent: NA, location: [39.04, -77.49] } }
            regions:
              us-east: { location: [39.04, -77.49], endpoints: ["http://127.0.0.1:7101"] }
              eu-west: { location: [53.35, -6.26], endpoints: ["http://127.0.0.1:7102"] }
            steering:
              networks:
                - { cidr: 10.20.0.0/16, place: { country: IE, continent: EU, location: [53.35, -6.26] }, never: [us-east] }
            routes:
              catalog: { match: { path: "/v1/{**rest}" } }
              checkout: { match: { host: pay.test, path: "/v1/pay", methods: [POST] }, state: consensus }
            """;
        var result = new ConfigurationReader(_ => null).Read(Encoding.UTF8.GetBytes(yaml), "edge.yaml");
        Assert.True(result.Configuration is not null, string.Join('\n', result.Problems.Select(problem => problem.Show("edge.yaml"))));
        var table = new PlaceTable();
        var snapshot = new EdgeSnapshot(result.Configuration, new SteeringWorld(HealthSnapshot.AllUp(result.Configuration.Topology), table.Places), table);
        desk = new ExplainDesk(() => snapshot);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await desk.DisposeAsync();

    [Theory]
    [InlineData(null, null, "GET", "catalog")]
    [InlineData("shop.test", "/v1/products?limit=2", "GET", "catalog")]
    [InlineData("pay.test", "/v1/pay", "POST", "checkout")]
    [InlineData("shop.test", "/v1/pay", "POST", "catalog")]
    [InlineData("shop.test", "/v2", "GET", null)]
    [InlineData("shop.test", null, "GET", null)]
    public async Task The_route_is_the_one_that_a_real_request_takes(string? host, string? path, string method, string? route)
    {
        var (answer, _) = await desk.AskAsync(new ExplainQuestion(host, path, method), default);

        Assert.Equal(route, answer?.Route.Route.RouteId);
    }

    [Fact]
    public async Task A_client_is_told_its_place_its_region_and_why_each_other_region_lost()
    {
        var answer = await ExplainAsync("10.20.3.4");

        Assert.Equal("eu-west", answer.GetProperty("region").GetString());
        Assert.Equal("network", answer.GetProperty("place").GetProperty("from").GetString());
        Assert.Equal("10.20.0.0/16", answer.GetProperty("place").GetProperty("network").GetString());
        Assert.Equal(["eu-west nearest True", "us-east not-allowed False"], Candidates(answer));
    }

    [Fact]
    public async Task A_client_that_no_table_finds_stands_at_the_default_place()
    {
        var answer = await ExplainAsync("192.0.2.1");

        Assert.Equal("us-east", answer.GetProperty("region").GetString());
        Assert.Equal("default", answer.GetProperty("place").GetProperty("from").GetString());
        Assert.Equal(["us-east nearest True", "eu-west farther True"], Candidates(answer));
    }

    [Fact]
    public async Task The_text_for_people_says_what_the_object_for_scripts_says()
    {
        var text = ExplanationText.Of(await ExplainAsync("10.20.3.4"));

        Assert.Equal(
            """
            10.20.3.4 goes to eu-west
              place   IE, EU at 53.35, -6.26 (by network 10.20.0.0/16)
              route   catalog, needs read
              1.  eu-west          nearest           28 ms        0 km  by distance
              -   us-east          not-allowed    119.2 ms   5461.5 km  by distance
              configuration 1, health 0
            """,
            text.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_file_is_answered_line_by_line_and_a_line_that_is_no_address_keeps_its_place()
    {
        var (explainer, route) = (await desk.AskAsync(Anything, default)).Answer!.Value;
        using var answers = new MemoryStream();

        await AddressFile.ExplainAsync(new MemoryStream("192.0.2.1\n\nnonsense\r\n10.20.0.1\n"u8.ToArray()), answers, explainer, route, default);

        var lines = Encoding.UTF8.GetString(answers.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["192.0.2.1", "nonsense", "10.20.0.1"], lines.Select(line => line.GetProperty("client").GetString()));
        Assert.Equal(["us-east", null, "eu-west"], lines.Select(line => line.GetProperty("region").GetString()));
        Assert.Equal("line 3 is not an IPv4 or IPv6 address", lines[1].GetProperty("error").GetString());
    }

    private async Task<JsonElement> ExplainAsync(string client)
    {
        var (explainer, route) = (await desk.AskAsync(Anything, default)).Answer!.Value;
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer)) explainer.Write(json, IPAddress.Parse(client), route);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    private static IEnumerable<string> Candidates(JsonElement answer) => answer.GetProperty("candidates").EnumerateArray()
        .Select(candidate => $"{candidate.GetProperty("region")} {candidate.GetProperty("reason")} {candidate.GetProperty("eligible").GetBoolean()}");
}
