using System.Collections.Immutable;

namespace Hanzo.Drills.Traffic;

/// <summary>What customers do that takes more than one request, or that has to be kept: each returns its last reply and what it did.</summary>
/// <param name="shop">What there is to buy.</param>
/// <param name="time">Of the pauses before customers try again.</param>
internal sealed class Errands(Shop shop, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Null for an action that is one plain request.</summary>
    public Func<Arrival, Func<Request, Task<Reply>>, Task<(Reply Last, Deed? Deed)>>? Of(ShopAction action) => action.Name switch
    {
        "checkout" => CheckOut,
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

    /// <summary>
    /// Fills a cart of its own and buys what it shows. Where a region says that it is behind, the cart may be one that only
    /// a region knows that is away: while it is filled another one is begun, as a shop's program would; once an order was asked
    /// for, the customer waits for it.
    /// </summary>
    private async Task<(Reply, Deed?)> CheckOut(Arrival arrival, Func<Request, Task<Reply>> send)
    {
        for (var attempt = 1; ; attempt++)
        {
            var filled = await FillCart(arrival, $"checkout-{attempt}", send);
            if (filled.Well && Shop.ShowsAll(filled.Body!.Value))
                return await Buy(arrival, filled, send);
            if (filled.SessionState != "behind")
                return (filled, filled.Well ? new Deed("unseen", filled.Text("id")) : null);
            await Task.Delay(Pause, time);
        }
    }

    /// <summary>The last reply is the cart with everything in it.</summary>
    private static async Task<Reply> FillCart(Arrival arrival, string step, Func<Request, Task<Reply>> send)
    {
        var cart = await send(new(HttpMethod.Post, "/v1/carts", new { }, KeyOf(arrival, step)));
        foreach (var (product, _) in Shop.CartLines)
        {
            if (cart.Well)
                cart = await send(new(HttpMethod.Post, $"/v1/carts/{cart.Text("id")}/lines", new { product, quantity = 1 }, KeyOf(arrival, $"{step}-{product}")));
        }
        return cart;
    }

    private async Task<(Reply, Deed?)> Buy(Arrival arrival, Reply filled, Func<Request, Task<Reply>> send)
    {
        var (cart, lines) = (filled.Text("id"), filled.Body!.Value.GetProperty("lines"));
        while (true)
        {
            var placed = await send(new(HttpMethod.Post, $"/v1/carts/{cart}/checkout", new { version = filled.Text("version"), lines, payment_method = Shop.MethodOf(arrival) }, KeyOf(arrival, "checkout")));
            if (placed.Well)
                return placed.Text("status") == "confirmed" ? (placed, new Deed("checkout", placed.Text("id")) { Cart = cart }) : (placed with { Problem = $"order {placed.Text("status")}" }, null);
            if (placed.Code is not ("cart_not_found" or "cart_changed"))
                return (placed, null);
            // Nobody else changes this cart.
            if (placed.SessionState != "behind")
                return (placed, new Deed("unseen", cart));
            await Task.Delay(Pause, time);
        }
    }

    private static string KeyOf(Arrival arrival, string step) => $"drill-{arrival.Number}-{step}";

    /// <summary>That there is nothing left is an answer, and a good one.</summary>
    private static Reply SoldOut(Reply reply) => reply.Code == "insufficient_stock" ? reply with { Problem = null } : reply;
}

/// <summary>What a customer was told has been done.</summary>
/// <param name="Kind">order, checkout, reservation, payment or event; seen, unseen or behind for a customer who came again.</param>
/// <param name="Id">By which nodes know it.</param>
internal sealed record Deed(string Kind, string Id)
{
    /// <summary>The cart that an order was made of.</summary>
    public string? Cart { get; init; }
}
