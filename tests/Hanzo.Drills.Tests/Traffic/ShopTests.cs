using System.Net;
using System.Text;
using Hanzo.Drills.Traffic;

namespace Hanzo.Drills.Tests.Traffic;

/// <summary>What a drill asks nodes after customers have bought their carts.</summary>
public sealed class ShopTests
{
    private const string Order = """{"id":"ord_1","status":"confirmed","cart":{"id":"cart_1","version":"v2"},"items":[{"sku":"BEANIE-WOOL-NVY","quantity":1},{"sku":"COFFEE-HSE-250","quantity":1}]}""";
    private const string Cart = """{"id":"cart_1","order":"ord_1","lines":[{"product":"beanie-wool","quantity":1},{"product":"coffee-house-blend","quantity":1}]}""";

    private static readonly Sample Bought =
        new(new Arrival(1, TimeSpan.Zero, Customers.All[0], ShopAction.Find("checkout")!), TimeSpan.FromSeconds(1), 201, "eu-west", "edge-1", null, "r1") { Deed = new Deed("checkout", "ord_1") { Cart = "cart_1" } };

    private static async Task<ShopCount> Count(string order, string cart, string cartElsewhere)
    {
        using var nodes = new Nodes(uri => uri.AbsolutePath switch
        {
            "/v1/orders/ord_1" => order,
            "/v1/carts/cart_1" => uri.Host == "node-1" ? cart : cartElsewhere,
            _ => """{"on_hand":99999,"committed":1}""",
        });
        using var client = new HttpClient(nodes);
        return await new Shop(["http://node-1", "http://node-2"], apart: false, client, new Hasty()).Count([Bought], new Dictionary<string, int> { [Shop.MethodOf(Bought.Arrival)] = 1 }, default);
    }

    [Fact]
    public async Task A_cart_that_was_bought_is_counted_with_its_order_its_units_and_its_card()
    {
        var count = await Count(Order, Cart, Cart);

        Assert.Empty(count.Lost);
        Assert.Equal(1, count.Acknowledged);
        Assert.False(Assert.Single(count.Charges).IsMissing);
        Assert.Equal(2, count.Stock.Count(stock => stock is { Acknowledged: 1, Asked: 1, Adrift: 0 }));
    }

    [Fact]
    public async Task A_cart_whose_node_died_before_it_named_its_order_has_lost_nothing() =>
        Assert.Empty((await Count(Order, Cart, Cart.Replace("\"order\":\"ord_1\",", "", StringComparison.Ordinal))).Lost);

    [Theory]
    [InlineData("\"quantity\":1}]", "\"quantity\":2}]")]
    [InlineData(",{\"product\":\"coffee-house-blend\",\"quantity\":1}", "")]
    [InlineData("ord_1", "ord_2")]
    public async Task A_line_that_a_region_has_lost_or_another_order_is_shown(string text, string instead) =>
        Assert.Contains("node-2", Assert.Single((await Count(Order, Cart, Cart.Replace(text, instead, StringComparison.Ordinal))).Lost), StringComparison.Ordinal);

    [Theory]
    [InlineData("cart_1", "cart_2")]
    [InlineData("COFFEE-HSE-250", "DRILL-0")]
    public async Task An_order_of_something_else_than_its_cart_is_shown(string text, string instead) =>
        Assert.Contains("is not what lay in", Assert.Single((await Count(Order.Replace(text, instead, StringComparison.Ordinal), Cart, Cart)).Lost), StringComparison.Ordinal);

    private sealed class Nodes(Func<Uri, string> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer(request.RequestUri!), Encoding.UTF8, "application/json") });
    }

    /// <summary>Time of which every look takes a second, and every pause none.</summary>
    private sealed class Hasty : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _seconds);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
