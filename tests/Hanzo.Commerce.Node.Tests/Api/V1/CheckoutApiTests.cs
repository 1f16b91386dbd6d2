using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class CheckoutApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    [Fact]
    public async Task A_cart_becomes_an_order_and_both_name_each_other()
    {
        var (cup, jar) = (await Sold(1250, stock: 5), await Sold(300, stock: 5));
        var cart = await CartWith((cup, 2), (jar, 1));
        var response = await CheckOut(cart);
        var order = await Json(response);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/v1/orders/{Text(order, "id")}", response.Headers.Location?.ToString());
        Assert.Equal("confirmed", Text(order, "status"));
        Assert.Equal(2_800, order.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal((Text(cart, "id"), Text(cart, "version")), (Text(order.GetProperty("cart"), "id"), Text(order.GetProperty("cart"), "version")));
        Assert.Equal(order.ToString(), (await node.Get($"/v1/orders/{Text(order, "id")}")).ToString());
        Assert.Equal(Text(order, "id"), Text(await Get(cart), "order"));
        Assert.Equal((3, 0, 2), await Stock(cup));
        Assert.Equal((4, 0, 1), await Stock(jar));
    }

    [Fact]
    public async Task The_same_key_gets_the_same_order_though_that_has_changed_the_cart()
    {
        var cup = await Sold(1250, stock: 5);
        var cart = await CartWith((cup, 2));
        var first = await CheckOut(cart, "one-checkout");
        await Add(cart, cup, 1);
        var again = await CheckOut(cart, "one-checkout");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal((3, 0, 2), await Stock(cup));
        Assert.Equal(3, Quantity(await Get(cart), cup));
    }

    [Fact]
    public async Task A_cart_makes_one_order_unless_that_came_to_nothing()
    {
        var cup = await Sold(1250, stock: 5);
        var cart = await CartWith((cup, 2));
        var order = await Json(await CheckOut(cart));
        var refused = await CheckOut(await Get(cart));

        Assert.Equal("cart_ordered", await ProblemCode(refused, HttpStatusCode.Conflict));
        Assert.Equal(Text(order, "id"), Text(await Json(refused), "order"));

        Assert.Equal(HttpStatusCode.OK, (await node.Post($"/v1/orders/{Text(order, "id")}/cancel", null)).StatusCode);
        var second = await Json(await CheckOut(await Get(cart)));
        Assert.Equal("confirmed", Text(second, "status"));
        Assert.Equal(Text(second, "id"), Text(await Get(cart), "order"));
    }

    [Fact]
    public async Task Of_many_who_check_out_one_cart_at_once_one_gets_the_order()
    {
        var cup = await Sold(1250, stock: 50);
        var cart = await CartWith((cup, 2));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CheckOut(cart)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.Created), answer => Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode));
        Assert.Equal((48, 0, 2), await Stock(cup));
    }

    [Fact]
    public async Task Everything_that_changed_is_told_at_once_and_nothing_is_ordered()
    {
        var (cup, jar, lid, box) = (await Sold(1250, stock: 1), await Sold(300, stock: 5), await Sold(100, stock: 5), await Sold(700, stock: 5));
        var cart = await CartWith((cup, 2), (jar, 1), (lid, 1));
        await Add(cart, jar, 2);
        await Add(cart, box, 1);
        await Send(HttpMethod.Delete, $"/v1/carts/{Text(cart, "id")}/lines/{lid}");
        await Price(jar, 350);
        var refused = await CheckOut(cart, "changed");
        var problem = await Json(refused);

        Assert.Equal("cart_changed", await ProblemCode(refused, HttpStatusCode.Conflict));
        Assert.Equal("not-applied", refused.Headers.GetValues("Hanzo-Outcome").Single());
        Assert.Equal($"\"{Text(await Get(cart), "version")}\"", refused.Headers.ETag?.ToString());
        Assert.Equal(
            new[]
            {
                $$$"""{"product":"{{{cup}}}","available":{"was":2,"is":1}}""",
                $$$$"""{"product":"{{{{jar}}}}","quantity":{"was":1,"is":3},"unit_price":{"was":{"amount":300,"currency":"EUR"},"is":{"amount":350,"currency":"EUR"}}}""",
                $$$"""{"product":"{{{lid}}}","quantity":{"was":1,"is":0}}""",
                $$$"""{"product":"{{{box}}}","quantity":{"was":0,"is":1}}""",
            }.Order(StringComparer.Ordinal),
            problem.GetProperty("changes").EnumerateArray().Select(change => change.GetRawText()).Order(StringComparer.Ordinal));
        Assert.Equal((1, 0, 0), await Stock(cup));

        // The key is free: once the customer has seen the cart as it is, it may be used.
        await Send(HttpMethod.Put, $"/v1/carts/{Text(cart, "id")}/lines/{cup}", """{"quantity":1}""");
        Assert.Equal(HttpStatusCode.Created, (await CheckOut(await Get(cart), "changed")).StatusCode);
    }

    [Fact]
    public async Task A_note_that_the_customer_has_not_seen_is_a_change_too()
    {
        var cup = await Sold(1250, stock: 5);
        var cart = await CartWith((cup, 2));
        await Send(HttpMethod.Patch, $"/v1/carts/{Text(cart, "id")}", """{"note":"ring twice"}""");
        var refused = await CheckOut(cart);

        Assert.Equal("cart_changed", await ProblemCode(refused, HttpStatusCode.Conflict));
        Assert.Empty((await Json(refused)).GetProperty("changes").EnumerateArray());
    }

    [Fact]
    public async Task Units_that_are_gone_are_told_by_product_and_by_SKU()
    {
        var cup = await Sold(1250, stock: 1);
        var refused = await CheckOut(await CartWith((cup, 2)));
        var problem = await Json(refused);

        Assert.Equal("insufficient_stock", await ProblemCode(refused, HttpStatusCode.Conflict));
        Assert.Equal($$$"""[{"product":"{{{cup}}}","available":{"was":2,"is":1}}]""", problem.GetProperty("changes").GetRawText());
        Assert.Equal(cup.ToUpperInvariant(), Text(problem.GetProperty("shortages")[0], "sku"));
        Assert.Equal((1, 0, 0), await Stock(cup));
    }

    [Fact]
    public async Task A_declined_payment_leaves_the_cart_to_be_checked_out_again()
    {
        var cup = await Sold(1250, stock: 5);
        var cart = await CartWith((cup, 2));
        Assert.Equal("payment_declined", await ProblemCode(await CheckOut(cart, method: "card_declined_insufficient_funds"), HttpStatusCode.PaymentRequired));
        Assert.False((await Get(cart)).TryGetProperty("order", out _));
        Assert.Equal(HttpStatusCode.Created, (await CheckOut(cart)).StatusCode);
        Assert.Equal((3, 0, 2), await Stock(cup));
    }

    [Fact]
    public async Task A_product_that_is_no_longer_sold_in_that_currency_has_no_price_there()
    {
        var cup = await Sold(1250, stock: 5);
        var cart = await CartWith((cup, 2));
        await Price(cup, 1300, "USD");
        var change = (await Json(await CheckOut(cart))).GetProperty("changes")[0].GetProperty("unit_price");
        Assert.Equal("""{"was":{"amount":1250,"currency":"EUR"}}""", change.GetRawText());
    }

    [Fact]
    public async Task A_cart_that_is_not_known_is_not_found()
    {
        var cup = await Sold(1250, stock: 5);
        var body = Body(await CartWith((cup, 2)));
        Assert.Equal("cart_not_found", await ProblemCode(await node.Post($"/v1/carts/cart_{new string('0', 32)}/checkout", body), HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("""{"lines":[{"product":"a","quantity":1,"unit_price":{"amount":5,"currency":"EUR"}}],"payment_method":"card_approve"}""", "/version", "missing_member")]
    [InlineData("""{"version":"v","lines":[],"payment_method":"card_approve"}""", "/lines", "invalid_value")]
    [InlineData("""{"version":"v","lines":[{"product":"a","quantity":1}],"payment_method":"card_approve"}""", "/lines/0/unit_price", "missing_member")]
    [InlineData("""{"version":"v","lines":[{"product":"a","quantity":1,"unit_price":{"amount":5,"currency":"EUR"}},{"product":"b","quantity":1,"unit_price":{"amount":5,"currency":"USD"}}],"payment_method":"card_approve"}""", "/lines", "invalid_value")]
    [InlineData("""{"version":"v","lines":[{"product":"a","quantity":1,"unit_price":{"amount":5,"currency":"EUR"}},{"product":"a","quantity":1,"unit_price":{"amount":5,"currency":"EUR"}}],"payment_method":"card_approve"}""", "/lines", "invalid_value")]
    public async Task What_is_no_checkout_is_refused_with_its_place(string body, string place, string code)
    {
        var refused = await node.Post($"/v1/carts/cart_{new string('0', 32)}/checkout", body);
        Assert.Equal(code, await ProblemCode(refused, HttpStatusCode.BadRequest));
        Assert.Equal(place, Text((await Json(refused)).GetProperty("errors")[0], "pointer"));
    }

    /// <summary>A new product of which so many are stocked.</summary>
    private async Task<string> Sold(long price, long stock)
    {
        var id = $"checkout-{Guid.NewGuid():n}";
        await Price(id, price);
        Assert.Equal(HttpStatusCode.Created, (await node.PutStock(id.ToUpperInvariant(), stock)).StatusCode);
        return id;
    }

    private async Task Price(string id, long price, string currency = "EUR") =>
        Assert.True((await node.Client.SendAsync(Put(id, $$"""{"sku":"{{id.ToUpperInvariant()}}","name":"Cup","price":{"amount":{{price}},"currency":"{{currency}}"} }"""))).IsSuccessStatusCode);

    private async Task<JsonElement> CartWith(params (string Product, int Quantity)[] lines)
    {
        var cart = await Json(await Send(HttpMethod.Post, "/v1/carts", "{}"));
        foreach (var (product, quantity) in lines)
            await Add(cart, product, quantity);
        return await Get(cart);
    }

    private async Task Add(JsonElement cart, string product, int quantity) =>
        Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Post, $"/v1/carts/{Text(cart, "id")}/lines", $$"""{"product":"{{product}}","quantity":{{quantity}}}""")).StatusCode);

    private async Task<JsonElement> Get(JsonElement cart) => await Json(await node.Client.GetAsync($"/v1/carts/{Text(cart, "id")}"));

    /// <summary>Checks out a cart as its customer saw it.</summary>
    private Task<HttpResponseMessage> CheckOut(JsonElement seen, string? key = null, string method = "card_approve") =>
        node.Post($"/v1/carts/{Text(seen, "id")}/checkout", Body(seen, method), key);

    private static string Body(JsonElement seen, string method = "card_approve") =>
        $$"""{"version":"{{Text(seen, "version")}}","lines":{{seen.GetProperty("lines").GetRawText()}},"payment_method":"{{method}}","country":"DE"}""";

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        return await node.Client.SendAsync(request);
    }

    private async Task<(long OnHand, long Held, long Committed)> Stock(string product)
    {
        var stock = await node.Get($"/v1/inventory/{product.ToUpperInvariant()}");
        return (stock.GetProperty("on_hand").GetInt64(), stock.GetProperty("held").GetInt64(), stock.GetProperty("committed").GetInt64());
    }

    private static long Quantity(JsonElement cart, string product) =>
        cart.GetProperty("lines").EnumerateArray().Single(line => Text(line, "product") == product).GetProperty("quantity").GetInt64();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
