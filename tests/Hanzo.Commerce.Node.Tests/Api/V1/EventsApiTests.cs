using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class EventsApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_batch_counts_what_is_right_and_says_what_is_wrong_with_the_rest()
    {
        var answer = await Send(Told("a1", "batch.sent", "s1"), """{"event":"nodot","session":"s"}""", Told("a2", "batch.sent", "s2"));
        Assert.Equal((2, 0, "relaxed"), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("repeated").GetInt32(), answer.GetProperty("durability").GetString()!));
        var errors = answer.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("index")} {error.GetProperty("pointer")}");
        Assert.Equal(["1 /event", "1 /timestamp"], errors);
        Assert.Equal(2, await Count("batch.sent"));
    }

    [Fact]
    public async Task An_event_that_is_sent_again_counts_once()
    {
        await Send(Told("again", "page.viewed", "s"), Told("again", "page.viewed", "s"));
        var answer = await Send(Told("again", "page.viewed", "s"));
        Assert.Equal(1, answer.GetProperty("repeated").GetInt32());
        Assert.Equal(1, await Count("page.viewed"));
    }

    [Fact]
    public async Task A_beacon_of_a_browser_is_taken_as_text()
    {
        var response = await node.Client.PostAsync("/v1/events", new StringContent($$"""{"events":[{{Told("beacon", "page.left", "s")}}]}""", new MediaTypeHeaderValue("text/plain", "utf-8")));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(1, await Count("page.left"));
    }

    [Theory]
    [InlineData("""{"events":[]}""")]
    [InlineData("""{"events":{}}""")]
    [InlineData("""{"events":[{}],"more":1}""")]
    [InlineData("""[]""")]
    public async Task What_is_no_batch_is_refused(string body) =>
        Assert.Equal("invalid_batch", await ProblemCode(await node.Client.PostAsync("/v1/events", new StringContent(body, new MediaTypeHeaderValue("application/json"))), HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("""{"event":"a.b","session":"s","timestamp":"2001-01-01T00:00:00Z"}""", "/timestamp")]
    [InlineData("""{"event":"a.b","session":"s","timestamp":"NOW","properties":{"nested":{}}}""", "/properties/nested")]
    [InlineData("""{"event":"a.b","session":"s","timestamp":"NOW","user":""}""", "/user")]
    [InlineData("""{"event":"a.b","session":"s","timestamp":"NOW","colour":"red"}""", "/colour")]
    [InlineData("""{"event":"A.b","session":"s","timestamp":"NOW"}""", "/event")]
    public async Task What_is_no_event_is_told_by_its_place(string told, string place)
    {
        var answer = await Send(told.Replace("NOW", At(Now), StringComparison.Ordinal));
        Assert.Equal(place, Assert.Single(answer.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
        Assert.Equal(0, answer.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task Uniques_quantiles_and_frequent_texts_follow_from_events()
    {
        await Send([.. Enumerable.Range(1, 100).Select(i => Told($"o{i}", "order.placed", $"s{i % 10}", $$"""{"total":{{i}},"product":"{{(i <= 60 ? "mug" : "tea")}}"}"""))]);
        var uniques = await Data("uniques?event=order.placed&of=session");
        Assert.Equal(10, uniques.GetProperty("uniques").GetDouble());
        var quantiles = (await Data("quantiles?event=order.placed&property=total&q=0.5,1")).GetProperty("quantiles");
        Assert.InRange(quantiles.GetProperty("0.5").GetDouble(), 49, 51.5);
        Assert.InRange(quantiles.GetProperty("1").GetDouble(), 99, 101);
        var most = (await Data("frequent?event=order.placed&property=product")).GetProperty("texts")[0];
        Assert.Equal(("mug", 60), (most.GetProperty("text").GetString()!, most.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task A_funnel_counts_sessions_that_went_on_in_order()
    {
        var told = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            told.Add(Told($"f{i}-1", "product.viewed", $"f{i}", at: Now.AddMinutes(-3)));
            if (i < 20)
                told.Add(Told($"f{i}-2", "cart.filled", $"f{i}", at: Now.AddMinutes(-2)));
            // Five paid before they had filled a cart: they are not in the last step.
            if (i < 10)
                told.Add(Told($"f{i}-3", "order.paid", $"f{i}", at: Now.AddMinutes(i < 5 ? -1 : -4)));
        }
        await Send([.. told]);
        var steps = (await Data("funnels?steps=product.viewed,cart.filled,order.paid")).GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("sessions").GetInt32());
        Assert.Equal([40, 20, 5], steps);
    }

    [Fact]
    public async Task Buckets_add_up_and_every_answer_tells_how_fresh_it_is()
    {
        await Send(Told("b1", "bucket.filled", "s"), Told("b2", "bucket.filled", "s", at: Now.AddHours(-2)));
        var hours = await node.Get("/v1/analytics/counters?event=bucket.filled&bucket=hour");
        Assert.Equal(24, hours.GetProperty("data").GetArrayLength());
        Assert.Equal(2, hours.GetProperty("data").EnumerateArray().Sum(hour => hour.GetProperty("count").GetInt32()));
        var fresh = Assert.Single(hours.GetProperty("freshness").EnumerateArray());
        Assert.Equal("us-east-1", fresh.GetProperty("node").GetString());
        Assert.NotNull(fresh.GetProperty("as_of").GetString());
    }

    [Theory]
    [InlineData("counters")]
    [InlineData("counters?event=nodot")]
    [InlineData("counters?event=a.b&from=2026-01-01T00:30:00Z")]
    [InlineData("counters?event=a.b&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")]
    [InlineData("counters?event=a.b&bucket=minute")]
    [InlineData("uniques?event=a.b&of=visitor")]
    [InlineData("quantiles?event=a.b&property=x&q=2")]
    [InlineData("funnels?steps=a.b")]
    [InlineData("funnels?steps=a.b,c.d&colour=red")]
    public async Task A_question_that_is_none_is_refused(string query) =>
        Assert.Equal("invalid_query", await ProblemCode(await node.Merchant.GetAsync($"/v1/analytics/{query}"), HttpStatusCode.BadRequest));

    [Fact]
    public async Task Figures_are_for_the_merchant() =>
        Assert.Equal("unauthorized", await ProblemCode(await node.Client.GetAsync("/v1/analytics/counters?event=a.b"), HttpStatusCode.Unauthorized));

    private static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Told(string id, string name, string session, string properties = "{}", DateTimeOffset? at = null) =>
        $$"""{"id":"{{id}}","event":"{{name}}","session":"{{session}}","timestamp":"{{At(at ?? Now)}}","properties":{{properties}}}""";

    private async Task<JsonElement> Send(params string[] events)
    {
        var response = await node.Client.PostAsync("/v1/events", new StringContent($$"""{"events":[{{string.Join(',', events)}}]}""", new MediaTypeHeaderValue("application/json")));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await Json(response);
    }

    private async Task<int> Count(string name) => (await Data($"counters?event={name}")).GetProperty("count").GetInt32();

    private async Task<JsonElement> Data(string query) => (await node.Get($"/v1/analytics/{query}")).GetProperty("data")[0];
}
