using System.Net;
using System.Text.Json;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class ProductsApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    private const string Lamp = """{"sku":"LAMP-1","name":"Lamp","price":{"amount":9900,"currency":"EUR"}}""";

    [Fact]
    public async Task A_fresh_node_lists_the_demo_catalog()
    {
        var list = await Json(await node.Client.GetAsync("/v1/products?limit=3"));

        Assert.Equal(["beanie-wool", "bottle-steel", "coffee-house-blend"], Ids(list));
        Assert.True(list.GetProperty("has_more").GetBoolean());
        var price = list.GetProperty("data")[0].GetProperty("price");
        Assert.Equal(2900, price.GetProperty("amount").GetInt64());
        Assert.Equal("EUR", price.GetProperty("currency").GetString());
    }

    [Fact]
    public async Task Following_the_cursor_finds_every_product_once_and_in_order()
    {
        var seen = new List<string>();
        var path = "/v1/products?limit=5";
        while (path is not null)
        {
            var page = await Json(await node.Client.GetAsync(path));
            seen.AddRange(Ids(page));
            path = page.GetProperty("has_more").GetBoolean() ? $"/v1/products?limit=5&cursor={page.GetProperty("next_cursor").GetString()}" : null;
        }

        Assert.Equal(Ids(await Json(await node.Client.GetAsync("/v1/products?limit=100"))), seen);
        Assert.Equal(seen.Order(StringComparer.Ordinal).Distinct(), seen);
        Assert.True(seen.Count >= 12);
    }

    [Theory]
    [InlineData("limit=0", "invalid_limit")]
    [InlineData("limit=101", "invalid_limit")]
    [InlineData("limit=ten", "invalid_limit")]
    [InlineData("limit=-1", "invalid_limit")]
    [InlineData("limit=", "invalid_limit")]
    [InlineData("limit=1&limit=2", "invalid_limit")]
    [InlineData("cursor=", "invalid_cursor")]
    [InlineData("cursor=%2F", "invalid_cursor")]
    [InlineData("cursor=QUJD", "invalid_cursor")]
    public async Task A_wrong_list_parameter_is_refused_by_name(string query, string code) =>
        Assert.Equal(code, await ProblemCode(await node.Client.GetAsync($"/v1/products?{query}"), HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_product_that_is_put_is_what_get_answers()
    {
        var created = await node.Client.SendAsync(Put("lamp-created", Lamp));
        var read = await node.Client.GetAsync("/v1/products/lamp-created");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/v1/products/lamp-created", created.Headers.Location?.ToString());
        Assert.Equal(created.Headers.ETag, read.Headers.ETag);
        Assert.False(read.Headers.ETag!.IsWeak);
        Assert.Equal(
            """{"id":"lamp-created","sku":"LAMP-1","name":"Lamp","description":"","price":{"amount":9900,"currency":"EUR"}}""",
            await read.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_get_answers_can_be_put_back_and_changes_nothing()
    {
        var read = await node.Client.GetAsync("/v1/products/mug-enamel");
        var put = await node.Client.SendAsync(Put("mug-enamel", await read.Content.ReadAsStringAsync(), ("If-Match", read.Headers.ETag!.ToString())));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(read.Headers.ETag, put.Headers.ETag);
    }

    [Fact]
    public async Task The_second_of_two_writers_with_one_entity_tag_is_refused()
    {
        var etag = (await node.Client.SendAsync(Put("lamp-raced", Lamp))).Headers.ETag!.ToString();
        var cheaper = Lamp.Replace("9900", "8900", StringComparison.Ordinal);

        var first = await node.Client.SendAsync(Put("lamp-raced", cheaper, ("If-Match", etag)));
        var second = await node.Client.SendAsync(Put("lamp-raced", Lamp.Replace("9900", "1", StringComparison.Ordinal), ("If-Match", etag)));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("precondition_failed", await ProblemCode(second, HttpStatusCode.PreconditionFailed));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(8900, (await Json(await node.Client.GetAsync("/v1/products/lamp-raced"))).GetProperty("price").GetProperty("amount").GetInt64());
    }

    [Theory]
    [InlineData("If-Match", "*", "absent-1")]
    [InlineData("If-Match", "\"5b5c2b98b7fbcc5a\"", "absent-2")]
    [InlineData("If-Match", "W/\"0000000000000000\"", "mug-enamel")]
    [InlineData("If-None-Match", "*", "mug-enamel")]
    public async Task A_condition_that_does_not_hold_changes_nothing(string header, string value, string id)
    {
        var before = await node.Client.GetAsync($"/v1/products/{id}");
        var put = await node.Client.SendAsync(Put(id, Lamp, (header, value)));
        var after = await node.Client.GetAsync($"/v1/products/{id}");

        Assert.Equal("precondition_failed", await ProblemCode(put, HttpStatusCode.PreconditionFailed));
        Assert.Equal(before.StatusCode, after.StatusCode);
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task A_weak_entity_tag_never_allows_a_replacement()
    {
        var etag = (await node.Client.SendAsync(Put("lamp-weak", Lamp))).Headers.ETag!.ToString();
        var put = await node.Client.SendAsync(Put("lamp-weak", Lamp, ("If-Match", $"W/{etag}")));
        Assert.Equal("precondition_failed", await ProblemCode(put, HttpStatusCode.PreconditionFailed));
    }

    [Theory]
    [InlineData("If-Match")]
    [InlineData("If-None-Match")]
    public async Task A_malformed_condition_is_not_taken_for_an_absent_one(string header)
    {
        var put = await node.Client.SendAsync(Put("lamp-malformed", Lamp, (header, "no-quotes")));
        Assert.Equal("invalid_precondition", await ProblemCode(put, HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_client_that_has_the_product_is_told_so()
    {
        var etag = (await node.Client.GetAsync("/v1/products/tea-sencha")).Headers.ETag!.ToString();
        var again = new HttpRequestMessage(HttpMethod.Get, "/v1/products/tea-sencha") { Headers = { { "If-None-Match", etag } } };

        var response = await node.Client.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
        Assert.Equal(etag, response.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task Head_answers_like_get_without_a_body()
    {
        var response = await node.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/products/tea-sencha"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("no-such-product")]
    [InlineData("NOT-AN-ID")]
    public async Task A_product_that_is_not_there_is_not_found(string id) =>
        Assert.Equal("product_not_found", await ProblemCode(await node.Client.GetAsync($"/v1/products/{id}"), HttpStatusCode.NotFound));

    [Theory]
    [InlineData("Upper")]
    [InlineData("-lamp")]
    [InlineData("lamp-")]
    [InlineData("lamp%0A")]
    [InlineData("lämp")]
    [InlineData("a1234567890123456789012345678901234567890123456789012345678901234")]
    public async Task An_id_that_is_none_is_refused(string id) =>
        Assert.Equal("invalid_id", await ProblemCode(await node.Client.SendAsync(Put(id, Lamp)), HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("""{"sku":"A","name":"A","price":{"amount":1,"currency":"EUR"},"colour":"red"}""", "unknown_member", "/colour")]
    [InlineData("""{"sku":"A","name":"A","price":{"amount":1,"currency":"EUR","tax/vat":0}}""", "unknown_member", "/price/tax~1vat")]
    [InlineData("""{"SKU":"A","sku":"A","name":"A","price":{"amount":1,"currency":"EUR"}}""", "unknown_member", "/SKU")]
    [InlineData("""{"name":"A","price":{"amount":1,"currency":"EUR"}}""", "missing_member", "/sku")]
    [InlineData("""{"sku":"A","name":"A"}""", "missing_member", "/price")]
    [InlineData("""{"sku":"A","name":"A","price":{"amount":1}}""", "missing_member", "/price/currency")]
    [InlineData("""{"sku":7,"name":"A","price":{"amount":1,"currency":"EUR"}}""", "wrong_type", "/sku")]
    [InlineData("""{"sku":"A","name":null,"price":{"amount":1,"currency":"EUR"}}""", "wrong_type", "/name")]
    [InlineData("""{"sku":"A","name":"A","price":{"amount":"1","currency":"EUR"}}""", "wrong_type", "/price/amount")]
    [InlineData("""{"sku":"A","name":"A","price":[]}""", "wrong_type", "/price")]
    [InlineData("""[]""", "wrong_type", "")]
    [InlineData("""{"id":"other","sku":"A","name":"A","price":{"amount":1,"currency":"EUR"}}""", "invalid_value", "/id")]
    [InlineData("""{"sku":"a b","name":"A","price":{"amount":1,"currency":"EUR"}}""", "invalid_value", "/sku")]
    [InlineData("""{"sku":"A","name":"","price":{"amount":1,"currency":"EUR"}}""", "invalid_value", "/name")]
    [InlineData("""{"sku":"A","name":"A\u0000","price":{"amount":1,"currency":"EUR"}}""", "invalid_value", "/name")]
    [InlineData("""{"sku":"A","name":"A","price":{"amount":14.5,"currency":"EUR"}}""", "invalid_value", "/price/amount")]
    [InlineData("""{"sku":"A","name":"A","price":{"amount":-1,"currency":"EUR"}}""", "invalid_value", "/price/amount")]
    [InlineData("""{"sku":"A","name":"A","price":{"amount":9223372036854775808,"currency":"EUR"}}""", "invalid_value", "/price/amount")]
    [InlineData("""{"sku":"A","name":"A","price":{"amount":1,"currency":"eur"}}""", "invalid_value", "/price/currency")]
    [InlineData("""{"sku":"A","name":"A","price":{"amount":1,"currency":"XYZ"}}""", "invalid_value", "/price/currency")]
    public async Task A_body_that_is_no_product_is_refused_with_the_place_and_the_reason(string body, string code, string place)
    {
        var response = await node.Client.SendAsync(Put("refused", body));

        Assert.Equal(code, await ProblemCode(response, HttpStatusCode.BadRequest));
        var errors = (await Json(response)).GetProperty("errors");
        Assert.Equal((place, code), (errors[0].GetProperty("pointer").GetString()!, errors[0].GetProperty("code").GetString()!));
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.GetAsync("/v1/products/refused")).StatusCode);
    }

    [Fact]
    public async Task Everything_wrong_with_a_body_is_told_at_once()
    {
        var response = await node.Client.SendAsync(Put("refused", """{"sku":"a","price":{"amount":-1,"currency":"E"},"x":1}"""));
        var errors = (await Json(response)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString());
        Assert.Equal(["/sku", "/name", "/price/amount", "/price/currency", "/x"], errors);
    }

    [Fact]
    public async Task The_largest_amount_survives_to_the_last_unit()
    {
        await node.Client.SendAsync(Put("yacht", """{"sku":"YACHT","name":"Yacht","price":{"amount":9223372036854775807,"currency":"JPY"}}"""));
        Assert.Contains("9223372036854775807", await node.Client.GetStringAsync("/v1/products/yacht"), StringComparison.Ordinal);
    }

    private static List<string> Ids(JsonElement list) =>
        [.. list.GetProperty("data").EnumerateArray().Select(product => product.GetProperty("id").GetString()!)];
}
