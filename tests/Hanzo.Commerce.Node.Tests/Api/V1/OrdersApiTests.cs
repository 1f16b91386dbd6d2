using System.Net;
using System.Text.Json;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class OrdersApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    private async Task<string[]> Stocked(params long[] counts)
    {
        var skus = counts.Select(_ => $"ORD-{Guid.NewGuid():n}".ToUpperInvariant()).ToArray();
        foreach (var (sku, count) in skus.Zip(counts))
            Assert.Equal(HttpStatusCode.Created, (await node.PutStock(sku, count)).StatusCode);
        return skus;
    }

    private static string Body(string method, params string[] skus) =>
        $$"""{"items":[{{string.Join(',', skus.Select(sku => $$$"""{"sku":"{{{sku}}}","quantity":2,"unit_price":{"amount":1250,"currency":"EUR"}}"""))}}],"payment_method":"{{method}}","country":"DE"}""";

    private async Task<(long OnHand, long Held, long Committed)> Stock(string sku)
    {
        var stock = await node.Get($"/v1/inventory/{sku}");
        return (stock.GetProperty("on_hand").GetInt64(), stock.GetProperty("held").GetInt64(), stock.GetProperty("committed").GetInt64());
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    [Fact]
    public async Task An_order_takes_the_units_and_authorizes_their_price()
    {
        var skus = await Stocked(5, 5, 5, 5);
        var response = await node.Post("/v1/orders", Body("card_approve", skus));
        var order = await Json(response);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/v1/orders/{Text(order, "id")}", response.Headers.Location?.ToString());
        Assert.Equal("confirmed", Text(order, "status"));
        Assert.Equal(10_000, order.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal(order.ToString(), (await node.Get($"/v1/orders/{Text(order, "id")}")).ToString());
        Assert.Equal("authorized", Text(await node.Get($"/v1/payments/{Text(order, "payment")}"), "status"));
        Assert.Equal("committed", Text(await node.Get($"/v1/reservations/{Text(order, "reservation")}"), "status"));
        foreach (var sku in skus)
            Assert.Equal((3, 0, 2), await Stock(sku));
    }

    [Fact]
    public async Task The_same_key_makes_one_order()
    {
        var skus = await Stocked(5, 5);
        var first = await node.Post("/v1/orders", Body("card_approve", skus), "one-order");
        var again = await node.Post("/v1/orders", Body("card_approve", skus), "one-order");
        var other = await node.Post("/v1/orders", Body("card_other", [skus[1]]), "one-order");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal((first.StatusCode, first.Headers.Location, first.Headers.ETag), (again.StatusCode, again.Headers.Location, again.Headers.ETag));
        Assert.Equal("idempotency_key_reused", await ProblemCode(other, HttpStatusCode.UnprocessableEntity));
        Assert.Equal((3, 0, 2), await Stock(skus[0]));
    }

    [Fact]
    public async Task Without_enough_units_nothing_is_held_and_nobody_is_charged()
    {
        var skus = await Stocked(5, 1);
        var refused = await node.Post("/v1/orders", Body("card_approve", skus));

        Assert.Equal("insufficient_stock", await ProblemCode(refused, HttpStatusCode.Conflict));
        Assert.Equal(skus[1], Text((await Json(refused)).GetProperty("shortages")[0], "sku"));
        Assert.Equal((5, 0, 0), await Stock(skus[0]));
    }

    [Fact]
    public async Task A_declined_order_gives_its_units_back_and_says_why()
    {
        var skus = await Stocked(5);
        var declined = await node.Post("/v1/orders", Body("card_declined_insufficient_funds", skus));

        Assert.Equal("payment_declined", await ProblemCode(declined, HttpStatusCode.PaymentRequired));
        Assert.Equal("insufficient_funds", Text(await Json(declined), "reason"));
        Assert.Equal((5, 0, 0), await Stock(skus[0]));
    }

    [Fact]
    public async Task When_no_gateway_is_reached_nothing_happened_and_the_key_is_free()
    {
        var skus = await Stocked(5);
        var refused = await node.Post("/v1/orders", Body("card_unreachable", skus), "free-order");

        Assert.Equal("gateway_unavailable", await ProblemCode(refused, HttpStatusCode.ServiceUnavailable));
        Assert.Equal("not-applied", refused.Headers.GetValues("Hanzo-Outcome").Single());
        Assert.Equal((5, 0, 0), await Stock(skus[0]));
        Assert.Equal(HttpStatusCode.Created, (await node.Post("/v1/orders", Body("card_approve", skus), "free-order")).StatusCode);
    }

    [Fact]
    public async Task A_customer_who_agrees_gets_the_order_confirmed()
    {
        var skus = await Stocked(5);
        var asked = await Json(await node.Post("/v1/orders", Body("card_requires_action", skus)));
        Assert.Equal("requires_action", Text(asked, "status"));
        Assert.StartsWith("https://", Text(asked, "action_url"), StringComparison.Ordinal);
        Assert.Equal((5, 2, 0), await Stock(skus[0]));

        Assert.Equal(HttpStatusCode.OK, (await node.Post($"/v1/payments/{Text(asked, "payment")}/authorize", null)).StatusCode);
        var confirmed = await node.Get($"/v1/orders/{Text(asked, "id")}");
        Assert.Equal("confirmed", Text(confirmed, "status"));
        Assert.False(confirmed.TryGetProperty("action_url", out _));
        Assert.Equal((3, 0, 2), await Stock(skus[0]));
    }

    [Theory]
    [InlineData("card_approve")]
    [InlineData("card_requires_action")]
    public async Task A_canceled_order_voids_its_payment_and_brings_its_units_back(string method)
    {
        var skus = await Stocked(5, 5, 5);
        var order = await Json(await node.Post("/v1/orders", Body(method, skus)));
        var canceled = await Json(await node.Post($"/v1/orders/{Text(order, "id")}/cancel", null));

        Assert.Equal("canceled", Text(canceled, "status"));
        Assert.Equal("voided", Text(await node.Get($"/v1/payments/{Text(order, "payment")}"), "status"));
        foreach (var sku in skus)
            Assert.Equal((5, 0, 0), await Stock(sku));
        Assert.Equal(canceled.ToString(), (await Json(await node.Post($"/v1/orders/{Text(order, "id")}/cancel", "{}"))).ToString());
    }

    [Fact]
    public async Task What_is_captured_is_refunded_before_the_order_is_canceled()
    {
        var skus = await Stocked(5);
        var order = await Json(await node.Post("/v1/orders", Body("card_approve", skus)));
        var (cancel, payment) = ($"/v1/orders/{Text(order, "id")}/cancel", $"/v1/payments/{Text(order, "payment")}");

        await node.Post($"{payment}/capture", null);
        Assert.Equal("order_not_cancelable", await ProblemCode(await node.Post(cancel, null), HttpStatusCode.Conflict));
        await node.Post($"{payment}/refund", null);
        Assert.Equal("canceled", Text(await Json(await node.Post(cancel, null)), "status"));
        Assert.Equal((5, 0, 0), await Stock(skus[0]));
    }

    [Fact]
    public async Task Voiding_the_payment_of_an_order_cancels_it()
    {
        var skus = await Stocked(5);
        var order = await Json(await node.Post("/v1/orders", Body("card_approve", skus)));
        await node.Post($"/v1/payments/{Text(order, "payment")}/void", null);
        Assert.Equal("canceled", Text(await node.Get($"/v1/orders/{Text(order, "id")}"), "status"));
        Assert.Equal((5, 0, 0), await Stock(skus[0]));
    }

    [Fact]
    public async Task The_reservation_of_an_order_is_ended_by_the_order_alone()
    {
        var order = await Json(await node.Post("/v1/orders", Body("card_requires_action", await Stocked(5))));
        foreach (var end in new[] { "commit", "release" })
            Assert.Equal("reservation_of_order", await ProblemCode(await node.Post($"/v1/reservations/{Text(order, "reservation")}/{end}", null), HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Orders_are_listed_in_pages()
    {
        var sku = await Stocked(50);
        for (var i = 0; i < 3; i++)
            await node.Post("/v1/orders", Body("card_approve", sku));

        var seen = new List<string>();
        var page = await node.Get("/v1/orders?limit=2");
        seen.AddRange(page.GetProperty("data").EnumerateArray().Select(order => Text(order, "id")));
        while (page.GetProperty("has_more").GetBoolean())
        {
            page = await node.Get($"/v1/orders?limit=2&cursor={Text(page, "next_cursor")}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(order => Text(order, "id")));
        }
        Assert.Equal(seen.Distinct().Order(StringComparer.Ordinal), seen);
        Assert.True(seen.Count >= 3);
        foreach (var limit in new[] { "0", "101", "-1", "x" })
            Assert.Equal("invalid_limit", await ProblemCode(await node.Merchant.GetAsync($"/v1/orders?limit={limit}"), HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("""{"items":[],"payment_method":"card"}""")]
    [InlineData("""{"items":[{"sku":"A","quantity":1,"unit_price":{"amount":0,"currency":"EUR"}}],"payment_method":"card"}""")]
    [InlineData("""{"items":[{"sku":"A","quantity":2,"unit_price":{"amount":9223372036854775807,"currency":"EUR"}}],"payment_method":"card"}""")]
    [InlineData("""{"items":[{"sku":"A","quantity":1,"unit_price":{"amount":1,"currency":"EUR"}},{"sku":"B","quantity":1,"unit_price":{"amount":1,"currency":"USD"}}],"payment_method":"card"}""")]
    [InlineData("""{"items":[{"sku":"A","quantity":1,"unit_price":{"amount":1,"currency":"EUR"}},{"sku":"A","quantity":1,"unit_price":{"amount":1,"currency":"EUR"}}],"payment_method":"card"}""")]
    public async Task What_has_no_price_is_no_order(string body) =>
        Assert.Equal("invalid_value", await ProblemCode(await node.Post("/v1/orders", body), HttpStatusCode.BadRequest));

    [Fact]
    public async Task Another_merchant_s_order_is_not_there() =>
        Assert.Equal("order_not_found", await ProblemCode(await node.Merchant.GetAsync("/v1/orders/ord_none"), HttpStatusCode.NotFound));
}
