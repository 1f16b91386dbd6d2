using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Drills.Traffic;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Drills.Tests.Traffic;

/// <summary>A customer who fills a cart and buys it, whatever regions answer.</summary>
public sealed class ErrandsTests
{
    private static readonly ShopAction Checkout = ShopAction.Find("checkout")!;
    private static readonly Arrival Somebody = new(7, TimeSpan.Zero, Customers.All[0], Checkout);

    private readonly FakeTimeProvider _time = new();
    private readonly List<Request> _sent = [];
    private int _carts;

    private static Reply Answer(int status, string body, string state = "current") =>
        new(status, "eu-west", "edge-1", status < 400 ? null : $"status {status}", "r1", JsonDocument.Parse(body).RootElement, status < 400 ? null : JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()) { SessionState = state };

    private static Reply Cart(string id, params string[] products) => Answer(200, JsonSerializer.Serialize(new
    {
        id,
        version = $"v{products.Length}",
        lines = products.Select(product => new { product, quantity = 1, unit_price = new { amount = 5, currency = "EUR" } }),
    }));

    private static Reply Refused(string code, string state) => Answer(code == "cart_changed" ? 409 : 404, $$"""{"code":"{{code}}"}""", state);

    private static string ProductIn(Request request) => JsonSerializer.SerializeToElement(request.Body).GetProperty("product").GetString()!;

    private static Reply Placed => Answer(201, """{"id":"ord_1","status":"confirmed"}""");

    /// <summary>A region in which everything goes well, but for what <paramref name="trouble"/> answers.</summary>
    private async Task<(Reply Last, Deed? Deed)> Buy(Func<Request, Reply?> trouble)
    {
        var shop = new Shop(ImmutableArray.Create("http://node"), apart: false, new HttpClient(), _time);
        var errand = new Errands(shop, _time).Of(Checkout)!(Somebody, request =>
        {
            _sent.Add(request);
            return Task.FromResult(trouble(request) ?? request.Path switch
            {
                "/v1/carts" => Cart($"cart_{++_carts}"),
                var path when path.EndsWith("/checkout", StringComparison.Ordinal) => Placed,
                var path => Cart(path.Split('/')[3], [.. Shop.CartLines.Select(line => line.Product).TakeWhile(product => product != ProductIn(request)), ProductIn(request)]),
            });
        });
        while (!errand.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return await errand;
    }

    [Fact]
    public async Task The_cart_is_bought_as_it_was_shown()
    {
        var (last, deed) = await Buy(_ => null);

        Assert.True(last.Well);
        Assert.Equal(new Deed("checkout", "ord_1") { Cart = "cart_1" }, deed);
        Assert.Equal("/v1/carts/cart_1/checkout", _sent[^1].Path);
        var body = JsonSerializer.SerializeToElement(_sent[^1].Body);
        Assert.Equal("v2", body.GetProperty("version").GetString());
        Assert.True(Shop.ShowsAll(body));
    }

    [Fact]
    public async Task While_it_is_filled_a_cart_that_only_a_region_that_is_away_knows_is_left_for_another()
    {
        var (_, deed) = await Buy(request => request.Path.StartsWith("/v1/carts/cart_1/", StringComparison.Ordinal) ? Refused("cart_not_found", "behind") : null);

        Assert.Equal("cart_2", deed!.Cart);
    }

    [Fact]
    public async Task An_order_that_was_asked_for_is_waited_for_under_its_key()
    {
        var (_, deed) = await Buy(request => request.Path.EndsWith("/checkout", StringComparison.Ordinal) && _sent.Count(sent => sent.Key == request.Key) < 4 ? Refused("cart_not_found", "behind") : null);

        Assert.Equal("cart_1", deed!.Cart);
        Assert.Equal(4, _sent.Count(sent => sent.Key == "drill-7-checkout"));
        Assert.Equal(1, _carts);
    }

    [Fact]
    public async Task A_cart_that_has_lost_a_line_in_a_region_that_says_it_has_all_is_told()
    {
        var lost = await Buy(request => request.Key == "drill-7-checkout-1-coffee-house-blend" ? Cart("cart_1", "coffee-house-blend") : null);
        var changed = await Buy(request => request.Key == "drill-7-checkout" ? Refused("cart_changed", "current") : null);

        Assert.Equal("unseen", lost.Deed!.Kind);
        Assert.Equal("unseen", changed.Deed!.Kind);
    }
}
