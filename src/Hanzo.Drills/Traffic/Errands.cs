using System.Collections.Immutable;

namespace Hanzo.Drills.Traffic;

/// <summary>What customers do that takes more than one request, or that has to be kept: each returns its last reply and what it did.</summary>
/// <param name="shop">What there is to buy.</param>
internal sealed class Errands(Shop shop)
{
    /// <summary>Null for an action that is one plain request.</summary>
    public Func<Arrival, Func<Request, Task<Reply>>, Task<(Reply Last, Deed? Deed)>>? Of(ShopAction action) => action.Name switch
    {
        "order" => Order,
        "reserve" => Reserve,
        "pay" => Pay,
        "tell" => TellEvent,
        "revisit" => Revisit,
        _ => null,
    };

    /// <summary>Buys one unit: holds it, has its price authorized and takes it, in one request.</summary>
    private async Task<(Reply, Deed?)> Order(Arrival arrival, Func<Request, Task<Reply>> send)
    {
        var sku = Shop.SkuOf(arrival);
        var reply = await send(new(HttpMethod.Post, "/v1/orders", new
        {
            items = new[] { new { sku, quantity = 1, unit_price = new { amount = Shop.Price, currency = "EUR" } } },
            payment_method = Shop.MethodOf(arrival),
        }, KeyOf(arrival, "order")));
        if (!reply.Well)
            return (SoldOut(reply), null);
        return reply.Text("status") == "confirmed" ? (reply, new Deed("order", reply.Text("id"))) : (reply with { Problem = $"order {reply.Text("status")}" }, null);
    }

    private async Task<(Reply, Deed?)> Reserve(Arrival arrival, Func<Request, Task<Reply>> send)
    {
        var made = await send(new(HttpMethod.Post, "/v1/reservations", new { items = new[] { new { sku = Shop.SkuOf(arrival), quantity = 1 } } }, KeyOf(arrival, "reserve")));
        if (!made.Well)
            return (SoldOut(made), null);
        var committed = await send(new(HttpMethod.Post, $"/v1/reservations/{made.Text("id")}/commit", null, KeyOf(arrival, "commit")));
        return (committed, committed.Well ? new Deed("reservation", made.Text("id")) : null);
    }

    private async Task<(Reply, Deed?)> Pay(Arrival arrival, Func<Request, Task<Reply>> send)
    {
        var made = await send(new(HttpMethod.Post, "/v1/payments", new { amount = new { amount = Shop.Price, currency = "EUR" }, payment_method = Shop.MethodOf(arrival) }, KeyOf(arrival, "pay")));
        if (!made.Well)
            return (made, null);
        var authorized = await send(new(HttpMethod.Post, $"/v1/payments/{made.Text("id")}/authorize", null, KeyOf(arrival, "authorize")));
        if (!authorized.Well)
            return (authorized, null);
        var captured = await send(new(HttpMethod.Post, $"/v1/payments/{made.Text("id")}/capture", null, KeyOf(arrival, "capture")));
        return (captured, captured.Well ? new Deed("payment", made.Text("id")) : null);
    }

    private async Task<(Reply, Deed?)> TellEvent(Arrival arrival, Func<Request, Task<Reply>> send)
    {
        var reply = await send(new(HttpMethod.Post, "/v1/events", new
        {
            events = new[] { new { id = $"drill-{arrival.Number}", @event = Shop.Event, session = $"drill-{arrival.Number}", timestamp = shop.Now } },
        }, KeyOf(arrival, "event")));
        // One bad event of a batch is told in the answer, whose status says only that the batch was read.
        if (reply.Well && reply.Body!.Value.GetProperty("accepted").GetInt64() + reply.Body!.Value.GetProperty("repeated").GetInt64() != 1)
            reply = reply with { Problem = "the event was not accepted" };
        return (reply, reply.Well ? new Deed("event", $"drill-{arrival.Number}") : null);
    }

    /// <summary>Fills a cart of its own, goes on by the session token, and looks whether the cart holds what was put in.</summary>
    private async Task<(Reply, Deed?)> Revisit(Arrival arrival, Func<Request, Task<Reply>> send)
    {
        var made = await send(new(HttpMethod.Post, "/v1/carts", new { }, KeyOf(arrival, "cart")));
        if (!made.Well)
            return (made, null);
        var filled = await send(new(HttpMethod.Post, $"/v1/carts/{made.Text("id")}/lines", new { product = "beanie-wool", quantity = 2 }, KeyOf(arrival, "line")));
        if (!filled.Well)
            return (filled, null);
        var read = await send(new(HttpMethod.Get, $"/v1/carts/{made.Text("id")}"));
        // A region that says that it is behind keeps its word.
        var isSeen = read.Well && read.Body!.Value.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("quantity").GetInt64()) == 2;
        return (read, read.SessionState == "current" || isSeen ? new Deed(isSeen ? "seen" : "unseen", made.Text("id")) : new Deed("behind", made.Text("id")));
    }

    private static string KeyOf(Arrival arrival, string step) => $"drill-{arrival.Number}-{step}";

    /// <summary>That there is nothing left is an answer, and a good one.</summary>
    private static Reply SoldOut(Reply reply) => reply.Code == "insufficient_stock" ? reply with { Problem = null } : reply;
}

/// <summary>What a customer was told has been done.</summary>
/// <param name="Kind">order, reservation, payment or event; seen, unseen or behind for a customer who came again.</param>
/// <param name="Id">By which nodes know it.</param>
internal sealed record Deed(string Kind, string Id);
