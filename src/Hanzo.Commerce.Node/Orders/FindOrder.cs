using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Orders;

/// <summary>Asks for an order as it is, also when clients may not know of it yet.</summary>
internal sealed record FindOrder(string Merchant, string Id) : Question
{
    public override Reply Answer(CommerceState state) =>
        state.Orders.Find(Order.KeyOf(Merchant, Id)) is { } order ? new OrderReply(order) : new Refused("order_not_found");
}

internal sealed record ListOrders(string Merchant, string? After, int Limit) : ListQuestion(Merchant, After, Limit)
{
    public override Reply Answer(CommerceState state)
    {
        var seen = ImmutableArray.CreateBuilder<Order>();
        var after = AfterKey;
        while (seen.Count < Limit && state.Orders.Page(Prefix, after, Limit) is { IsEmpty: false } page)
        {
            seen.AddRange(page.Where(order => order.IsPublic).Take(Limit - seen.Count));
            after = Order.KeyOf(Merchant, page[^1].Id);
        }
        return new OrderPage(seen.ToImmutable());
    }
}
