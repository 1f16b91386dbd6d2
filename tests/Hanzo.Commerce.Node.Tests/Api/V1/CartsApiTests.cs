using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class CartsApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    [Fact]
    public async Task A_cart_is_created_with_its_place_and_its_version()
    {
        var response = await Send(HttpMethod.Post, "/v1/carts", """{"customer":"cus-7","note":"ring twice"}""");
        var cart = await RunningNode.Json(response);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/v1/carts/{Id(cart)}", response.Headers.Location!.ToString());
        Assert.NotNull(response.Headers.ETag);
        Assert.Equal("cus-7", cart.GetProperty("customer").GetString());
        Assert.Equal("ring twice", cart.GetProperty("note").GetString());
        Assert.Equal(0, cart.GetProperty("lines").GetArrayLength());
    }

    [Fact]
    public async Task Quantities_that_are_added_sum_up_and_a_quantity_that_is_set_replaces_them()
    {
        var id = await NewCart();
        await Send(HttpMethod.Post, $"/v1/carts/{id}/lines", """{"product":"mug-enamel","quantity":2}""");
        await Send(HttpMethod.Post, $"/v1/carts/{id}/lines", """{"product":"mug-enamel","quantity":3}""");
        Assert.Equal(["mug-enamel 5"], await Lines(id));
        await Send(HttpMethod.Put, $"/v1/carts/{id}/lines/mug-enamel", """{"quantity":4}""");
        await Send(HttpMethod.Put, $"/v1/carts/{id}/lines/tea-sencha", """{"quantity":1}""");
        Assert.Equal(["mug-enamel 4", "tea-sencha 1"], await Lines(id));
        await Send(HttpMethod.Delete, $"/v1/carts/{id}/lines/mug-enamel");
        Assert.Equal(["tea-sencha 1"], await Lines(id));
    }

    [Fact]
    public async Task A_line_added_many_times_stays_one_number()
    {
        var id = await NewCart();
        foreach (var _ in Enumerable.Range(0, 100))
            await Send(HttpMethod.Post, $"/v1/carts/{id}/lines", """{"product":"mug-enamel","quantity":1}""");
        Assert.Equal(["mug-enamel 100"], await Lines(id));
    }

    [Fact]
    public async Task An_addition_repeated_with_its_key_counts_once()
    {
        var id = await NewCart();
        foreach (var key in new[] { "\"a\"", "a", "b" })
            await Send(HttpMethod.Post, $"/v1/carts/{id}/lines", """{"product":"mug-enamel","quantity":2}""", ("Idempotency-Key", key));
        Assert.Equal(["mug-enamel 4"], await Lines(id));
    }

    [Fact]
    public async Task Lines_are_totalled_per_currency_by_the_catalogs_prices()
    {
        var id = await NewCart();
        await Send(HttpMethod.Put, $"/v1/carts/{id}/lines/mug-enamel", """{"quantity":2}""");
        await Send(HttpMethod.Put, $"/v1/carts/{id}/lines/tote-canvas", """{"quantity":1}""");
        await Send(HttpMethod.Put, $"/v1/carts/{id}/lines/beanie-wool", """{"quantity":3}""");
        var cart = await RunningNode.Json(await Send(HttpMethod.Put, $"/v1/carts/{id}/lines/not-sold-here", """{"quantity":9}"""));

        Assert.Equal("""[{"amount":8700,"currency":"EUR"},{"amount":5100,"currency":"USD"}]""", cart.GetProperty("totals").GetRawText());
        var unknown = cart.GetProperty("lines").EnumerateArray().Single(line => line.GetProperty("product").GetString() == "not-sold-here");
        Assert.False(unknown.TryGetProperty("unit_price", out _));
    }

    [Fact]
    public async Task Merging_moves_the_lines_once_however_often_it_is_asked()
    {
        var (mine, anonymous) = (await NewCart(), await NewCart());
        await Send(HttpMethod.Put, $"/v1/carts/{mine}/lines/mug-enamel", """{"quantity":1}""");
        await Send(HttpMethod.Put, $"/v1/carts/{anonymous}/lines/mug-enamel", """{"quantity":2}""");
        foreach (var _ in Enumerable.Range(0, 3))
            Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Post, $"/v1/carts/{mine}/merge", $$"""{"from":"{{anonymous}}"}""")).StatusCode);
        Assert.Equal(["mug-enamel 3"], await Lines(mine));
        Assert.Empty(await Lines(anonymous));

        // What still lands in the old cart is not lost: merging again moves it.
        await Send(HttpMethod.Post, $"/v1/carts/{anonymous}/lines", """{"product":"mug-enamel","quantity":5}""");
        await Send(HttpMethod.Post, $"/v1/carts/{mine}/merge", $$"""{"from":"{{anonymous}}"}""");
        Assert.Equal(["mug-enamel 8"], await Lines(mine));

        var other = await NewCart();
        Assert.Equal("cart_merged", await RunningNode.ProblemCode(await Send(HttpMethod.Post, $"/v1/carts/{other}/merge", $$"""{"from":"{{anonymous}}"}"""), HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Customer_and_note_are_written_apart_and_taken_away_by_an_empty_text()
    {
        var id = await NewCart();
        await Send(HttpMethod.Patch, $"/v1/carts/{id}", """{"customer":"cus-1"}""");
        await Send(HttpMethod.Patch, $"/v1/carts/{id}", """{"note":"gift"}""");
        var cart = await RunningNode.Json(await Send(HttpMethod.Patch, $"/v1/carts/{id}", """{"customer":""}"""));
        Assert.False(cart.TryGetProperty("customer", out _));
        Assert.Equal("gift", cart.GetProperty("note").GetString());
    }

    [Fact]
    public async Task An_unchanged_cart_is_not_sent_again()
    {
        var id = await NewCart();
        var tag = (await node.Client.GetAsync($"/v1/carts/{id}")).Headers.ETag!;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/carts/{id}");
        request.Headers.IfNoneMatch.Add(tag);
        Assert.Equal(HttpStatusCode.NotModified, (await node.Client.SendAsync(request)).StatusCode);
        await Send(HttpMethod.Patch, $"/v1/carts/{id}", """{"note":"new"}""");
        Assert.NotEqual(tag, (await node.Client.GetAsync($"/v1/carts/{id}")).Headers.ETag);
    }

    [Theory]
    [InlineData("POST", "/v1/carts/cart_none/lines", """{"product":"mug-enamel","quantity":1}""", 404, "cart_not_found")]
    [InlineData("GET", "/v1/carts/cart_none", null, 404, "cart_not_found")]
    [InlineData("POST", "/v1/carts", """{"color":"red"}""", 400, "unknown_member")]
    [InlineData("POST", "/v1/carts", """{"note":7}""", 400, "wrong_type")]
    [InlineData("POST", "/v1/carts", "[]", 400, "wrong_type")]
    [InlineData("POST", "/v1/carts", "{", 400, "malformed_json")]
    [InlineData("POST", "/v1/carts/{id}/lines", """{"product":"mug-enamel","quantity":0}""", 400, "invalid_value")]
    [InlineData("POST", "/v1/carts/{id}/lines", """{"product":"Mug","quantity":1}""", 400, "invalid_value")]
    [InlineData("POST", "/v1/carts/{id}/lines", """{"product":"mug-enamel"}""", 400, "missing_member")]
    [InlineData("PUT", "/v1/carts/{id}/lines/mug-enamel", """{"quantity":10000}""", 400, "invalid_value")]
    [InlineData("PUT", "/v1/carts/{id}/lines/Mug", """{"quantity":1}""", 400, "invalid_id")]
    [InlineData("POST", "/v1/carts/{id}/merge", """{"from":"{id}"}""", 400, "invalid_value")]
    [InlineData("POST", "/v1/carts/{id}/merge", """{"from":"cart_00000000000000000000000000000000"}""", 404, "source_cart_not_found")]
    public async Task What_cannot_be_done_is_told_by_its_code(string method, string path, string? body, int status, string code)
    {
        var id = await NewCart();
        var response = await Send(new HttpMethod(method), path.Replace("{id}", id), body?.Replace("{id}", id));
        Assert.Equal(code, await RunningNode.ProblemCode(response, (HttpStatusCode)status));
    }

    [Fact]
    public async Task A_cart_has_an_end()
    {
        var id = await NewCart();
        foreach (var i in Enumerable.Range(0, 100))
            Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Put, $"/v1/carts/{id}/lines/product-{i}", """{"quantity":1}""")).StatusCode);
        Assert.Equal("cart_full", await RunningNode.ProblemCode(await Send(HttpMethod.Put, $"/v1/carts/{id}/lines/one-more", """{"quantity":1}"""), HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Put, $"/v1/carts/{id}/lines/product-7", """{"quantity":9999}""")).StatusCode);
        Assert.Equal("cart_full", await RunningNode.ProblemCode(await Send(HttpMethod.Post, $"/v1/carts/{id}/lines", """{"product":"product-7","quantity":1}"""), HttpStatusCode.Conflict));
    }

    private async Task<string> NewCart() => Id(await RunningNode.Json(await Send(HttpMethod.Post, "/v1/carts", "{}")));

    private async Task<string[]> Lines(string id) =>
        [.. (await RunningNode.Json(await node.Client.GetAsync($"/v1/carts/{id}"))).GetProperty("lines").EnumerateArray()
            .Select(line => $"{line.GetProperty("product").GetString()} {line.GetProperty("quantity").GetInt64()}")];

    private static string Id(JsonElement cart) => cart.GetProperty("id").GetString()!;

    private Task<HttpResponseMessage> Send(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return node.Client.SendAsync(request);
    }
}
