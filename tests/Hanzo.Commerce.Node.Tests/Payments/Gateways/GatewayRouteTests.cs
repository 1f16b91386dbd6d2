using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Tests.Payments.Gateways;

public sealed class GatewayRouteTests
{
    private static readonly GatewayRoute Route = new(["EUR", "DKK"], ["DE"], [new GatewayShare("big", 3), new GatewayShare("small", 1)]);

    [Theory]
    [InlineData("EUR", "DE", true)]
    [InlineData("USD", "DE", false)]
    [InlineData("EUR", "FR", false)]
    [InlineData("EUR", null, false)]
    public void A_route_takes_its_currencies_and_countries(string currency, string? country, bool takes) => Assert.Equal(takes, Route.Takes(currency, country));

    [Fact]
    public void A_route_without_lists_takes_everything() => Assert.True(new GatewayRoute([], [], Route.Gateways).Takes("JPY", null));

    [Fact]
    public void A_gateway_comes_first_for_its_share_of_payments_and_every_payment_knows_the_others()
    {
        var orders = Enumerable.Range(0, 10_000).Select(i => Route.OrderFor($"pay_{i}")).ToList();
        Assert.InRange(orders.Count(order => order[0] == "big"), 7_300, 7_700);
        Assert.All(orders, order => Assert.Equal(2, order.Length));
        Assert.Equal(Route.OrderFor("pay_7"), Route.OrderFor("pay_7").AsEnumerable());
    }
}
