using System.Collections.Immutable;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Orders;

/// <summary>What can be told to the orders of a shard.</summary>
internal abstract record OrderCommand : Command;

/// <summary>Opens an order, and with it its reservation.</summary>
/// <param name="Reserve">Names the order as its own.</param>
/// <param name="PaymentId">An id in the same shard.</param>
/// <param name="Cart">The cart that it is made from, or null. All orders of a cart lie in one shard.</param>
internal sealed record PlaceOrder(
    string Id,
    string Merchant,
    ImmutableArray<OrderItem> Items,
    Money Total,
    Reserve Reserve,
    string PaymentId,
    string Method,
    string? Country,
    ImmutableArray<string> Gateways,
    CartOrigin? Cart = null) : OrderCommand;

internal sealed record CancelOrder(string Merchant, string Id) : OrderCommand;
