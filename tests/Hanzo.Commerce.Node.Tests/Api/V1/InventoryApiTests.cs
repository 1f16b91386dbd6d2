using System.Net;
using System.Text.Json;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class InventoryApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    [Fact]
    public async Task Stock_that_is_put_is_what_get_answers()
    {
        var put = await node.PutStock("A-PUT", 7);
        var read = await node.Merchant.GetAsync("/v1/inventory/A-PUT");

        Assert.Equal((HttpStatusCode.Created, "/v1/inventory/A-PUT"), (put.StatusCode, put.Headers.Location?.ToString()));
        Assert.Equal(put.Headers.ETag, read.Headers.ETag);
        var stock = await Json(read);
        Assert.Equal((7, 0, 7, 0), (Long(stock, "on_hand"), Long(stock, "held"), Long(stock, "available"), Long(stock, "committed")));
    }

    [Fact]
    public async Task Replacing_needs_the_entity_tag_of_what_was_counted()
    {
        var etag = (await node.PutStock("A-TAG", 7)).Headers.ETag!.ToString();

        Assert.Equal("precondition_required", await ProblemCode(await node.PutStock("A-TAG", 8), HttpStatusCode.PreconditionRequired));
        Assert.Equal(HttpStatusCode.OK, (await node.PutStock("A-TAG", 8, ("If-Match", etag))).StatusCode);
        var late = await node.PutStock("A-TAG", 9, ("If-Match", etag));
        Assert.Equal("precondition_failed", await ProblemCode(late, HttpStatusCode.PreconditionFailed));
        Assert.NotEqual(etag, late.Headers.ETag!.ToString());
        Assert.Equal("precondition_failed", await ProblemCode(await node.PutStock("A-TAG", 9, ("If-Match", $"W/{late.Headers.ETag}")), HttpStatusCode.PreconditionFailed));
        Assert.Equal("invalid_precondition", await ProblemCode(await node.PutStock("A-TAG", 9, ("If-Match", "7")), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task An_adjustment_counts_once_however_often_it_is_sent()
    {
        await node.PutStock("A-ADJ", 7);
        var first = await node.Post("/v1/inventory/A-ADJ/adjustments", """{"delta":-2}""", "adj-1");
        await node.Post("/v1/inventory/A-ADJ/adjustments", """{"delta":10}""");
        var again = await node.Post("/v1/inventory/A-ADJ/adjustments", """{"delta":-2}""", "\"adj-1\"");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(15, Long(await node.Get("/v1/inventory/A-ADJ"), "on_hand"));
    }

    [Fact]
    public async Task A_key_with_another_body_is_refused()
    {
        await node.PutStock("A-KEY", 7);
        await node.Post("/v1/inventory/A-KEY/adjustments", """{"delta":1}""", "k");
        Assert.Equal("idempotency_key_reused", await ProblemCode(await node.Post("/v1/inventory/A-KEY/adjustments", """{"delta":2}""", "k"), HttpStatusCode.UnprocessableEntity));
    }

    [Theory]
    [InlineData("""{"delta":0}""", "invalid_value")]
    [InlineData("""{"delta":1.5}""", "invalid_value")]
    [InlineData("""{"delta":1,"why":"x"}""", "unknown_member")]
    [InlineData("""{}""", "missing_member")]
    public async Task A_body_that_is_no_adjustment_is_refused(string body, string code) =>
        Assert.Equal(code, await ProblemCode(await node.Post("/v1/inventory/A-BODY/adjustments", body), HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_post_without_a_key_is_refused()
    {
        var response = await node.Merchant.PostAsync("/v1/inventory/MUG/adjustments", new StringContent("""{"delta":1}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal("idempotency_key_missing", await ProblemCode(response, HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("\"\"")]
    public async Task A_key_that_is_none_is_refused(string key) =>
        Assert.Equal("idempotency_key_invalid", await ProblemCode(await node.Post("/v1/inventory/MUG/adjustments", """{"delta":1}""", "x" + key), HttpStatusCode.BadRequest));

    [Fact]
    public async Task Without_a_key_of_a_merchant_nothing_is_told()
    {
        var response = await node.Client.GetAsync("/v1/inventory/A-PUT");
        Assert.Equal("unauthorized", await ProblemCode(response, HttpStatusCode.Unauthorized));
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task What_may_still_be_asked_is_told()
    {
        var response = await node.Merchant.GetAsync("/v1/inventory");
        Assert.Equal("\"merchant\";q=5000;w=1", response.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Matches("^\"merchant\";r=[0-9]+;t=1$", response.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    public async Task A_list_goes_over_all_shards_in_order_and_shows_each_sku_once()
    {
        string[] skus = [.. Enumerable.Range(0, 25).Select(i => $"Z-LIST-{i:00}")];
        foreach (var sku in skus)
            await node.PutStock(sku, 1);

        var seen = new List<string>();
        for (var path = "/v1/inventory?limit=7"; path is not null;)
        {
            var page = await node.Get(path);
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("sku").GetString()!));
            path = page.GetProperty("has_more").GetBoolean() ? $"/v1/inventory?limit=7&cursor={page.GetProperty("next_cursor").GetString()}" : null;
        }

        Assert.Equal(skus, seen.Where(sku => sku.StartsWith("Z-LIST", StringComparison.Ordinal)));
        Assert.Equal(seen.Order(StringComparer.Ordinal).Distinct(), seen);
    }

    [Fact]
    public async Task A_local_reading_says_how_old_it_may_be()
    {
        await node.PutStock("A-LOCAL", 1);
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/inventory/A-LOCAL") { Headers = { { "Consistency", "local" } } };
        Assert.Equal("0", (await node.Merchant.SendAsync(request)).Headers.GetValues("Hanzo-Staleness").Single());
        Assert.False((await node.Merchant.GetAsync("/v1/inventory/A-LOCAL")).Headers.Contains("Hanzo-Staleness"));
    }

    [Fact]
    public async Task Unknown_stock_is_not_found() =>
        Assert.Equal("stock_not_found", await ProblemCode(await node.Merchant.GetAsync("/v1/inventory/NOT-THERE"), HttpStatusCode.NotFound));

    private static long Long(JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
