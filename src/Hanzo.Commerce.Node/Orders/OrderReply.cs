using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Orders;

internal sealed record OrderReply(Order Order) : Reply;

internal sealed record OrderPage(ImmutableArray<Order> Orders) : Reply;
