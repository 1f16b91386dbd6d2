using System.Collections.Immutable;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>Places an order, whether of items that a request names or of a cart.</summary>
internal sealed class OrderDesk(CommerceShards shards, OrderSaga saga, GatewayRouting routing)
{
    /// <param name="home">The shard that the order lies in, and its payment and reservation with it.</param>
    public ValueTask<Submitted> Place(ApiRequest request, int home, Reserve reserve, ImmutableArray<OrderItem> items, OrderTerms terms, CartOrigin? cart = null)
    {
        var (id, payment) = (shards.NewId("ord", home), shards.NewId("pay", home));
        var gateways = routing.For(payment, terms.Total.Currency, terms.Country);
        var place = new PlaceOrder(id, request.Merchant, items, terms.Total, reserve with { Order = id }, payment, terms.Method, terms.Country, gateways, cart);
        return saga.Place(home, place, request.Key!, request.Cancellation);
    }
}
