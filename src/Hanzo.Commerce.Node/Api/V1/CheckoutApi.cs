using System.Collections.Immutable;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>
/// /v1/carts/{id}/checkout: hands a cart to an order. Whether the cart is as its customer saw it is decided by what this
/// region has; that a cart makes one order, and that there are units for it, by the shard that the cart's id lies in.
/// </summary>
internal sealed class CheckoutApi(CartBook carts, ProductCatalog catalog, CommerceShards shards, OrderDesk desk, ReservationSaga reservations, ILogger<CheckoutApi> log)
{
    public void Map(Endpoints endpoints, IEndpointRouteBuilder routes) => endpoints.Post(routes, "/v1/carts/{id}/checkout", CheckOut);

    private async ValueTask<ApiAnswer> CheckOut(ApiRequest request)
    {
        var body = new BodyReading(request.Body);
        var version = body.Reading.Text("version", text => text.Length is >= 1 and <= 64, "The version of the cart that the customer saw");
        var seen = ReadLines(body);
        var terms = OrderTerms.Read(body, "/lines", [.. seen.Select(line => (line.UnitPrice, line.Quantity))]);
        if (body.End("checkout") is { } problem)
            return problem;

        var id = request.Route("id");
        var (home, cart) = (shards.OfId(id), await carts.Find(id));
        var changes = CartChange.Between(seen, cart, product => catalog.Find(product)?.Product);
        if (cart is not null && cart.Version == version && changes.IsEmpty)
            return await Tell(cart, await Place(request, new CartOrigin(id, version), seen, terms));
        return await Earlier(request, home) is { } earlier ? await Tell(cart, earlier) : await Changed(request, cart, changes);
    }

    private ValueTask<Submitted> Place(ApiRequest request, CartOrigin cart, ImmutableArray<SeenLine> lines, OrderTerms terms)
    {
        var home = shards.OfId(cart.Id);
        var items = lines.Select(line => new OrderItem(SkuOf(line.Product)!, line.Quantity, line.UnitPrice)).ToImmutableArray();
        // Products may share what is stocked: units of one SKU are held together.
        var units = items.GroupBy(item => item.Sku, item => item.Quantity, StringComparer.Ordinal).Select(item => new Line(item.Key, item.Sum()));
        var (_, reserve) = reservations.Plan(shards.NewId("res", home), request.Merchant, units, terms.Hold);
        return desk.Place(request, home, reserve, items, terms, cart);
    }

    private async ValueTask<ApiAnswer> Tell(Cart? cart, Submitted placed)
    {
        if (cart is not null && placed is { Reply: OrderReply made, Result: { } result } && (cart.Order is null || !result.Repeated))
            await Mark(cart.Id, made.Order.Id);
        var answer = Answers.To(placed, OrdersApi.TellPlaced);
        return cart is not null && placed.Reply is Refused { Shortages: { IsEmpty: false } shortages }
            ? answer with { Problem = answer.Problem! with { Changes = CartChange.With([], ProductsOf(cart.Lines, shortages)) } }
            : answer;
    }

    private static ImmutableArray<SeenLine> ReadLines(BodyReading body)
    {
        var lines = body.Reading.Objects("lines", Reservation.MaxLines, line =>
        {
            // So that the lines of a cart can be sent as they were answered.
            line.Pass("total");
            return new SeenLine(
                line.Text("product", Product.IsId, "A product id"),
                line.WholeNumber("quantity", number => number is >= 1 and <= Line.MaxQuantity, $"A whole number from 1 to {Line.MaxQuantity}"),
                OrderTerms.ReadUnitPrice(line));
        });
        if (body.IsSound && lines.Select(line => line.Product).Distinct().Count() < lines.Length)
            body.Note("/lines", "Each product stands in one line.");
        return lines;
    }

    /// <summary>What the same key came to, or null when it is new: an order that it made has changed the cart since.</summary>
    private async ValueTask<Submitted?> Earlier(ApiRequest request, int home)
    {
        var known = await shards.Ask(home, new FindKey(request.Key!.Id), Consistency.Linearizable, request.Cancellation);
        return known.Reply switch
        {
            KeyReply { Fingerprint: { } first, Answer: var answer } => new Submitted(new Result(request.Key.Recall(first, answer), Repeated: true)),
            KeyReply => null,
            _ => new Submitted(null) { RetryAfter = known.RetryAfter, MayBeApplied = true },
        };
    }

    private async ValueTask<ApiAnswer> Changed(ApiRequest request, Cart? cart, ImmutableArray<CartChange> changes)
    {
        if (cart is null)
            return ApiAnswer.Refuse(StatusCodes.Status404NotFound, "cart_not_found", "No cart has this id, as far as this region knows.");
        var shortages = await Shortages(request, cart);
        return new ApiAnswer(StatusCodes.Status409Conflict)
        {
            Problem = new Problem(StatusCodes.Status409Conflict, "cart_changed", "The cart or its prices are not as the customer saw them; changes lists how. Nothing was ordered. Show the cart again, then decide.")
            {
                Changes = CartChange.With(changes, ProductsOf(cart.Lines, shortages)),
                Order = cart.Order,
            },
            ETag = $"\"{cart.Version}\"",
            Outcome = "not-applied",
        };
    }

    /// <summary>What the cart wants more of than there is, as far as this node knows: the customer hears of all changes at once.</summary>
    private async ValueTask<ImmutableArray<Shortage>> Shortages(ApiRequest request, Cart cart)
    {
        var shortages = ImmutableArray.CreateBuilder<Shortage>();
        var wanted = cart.Lines.Select(line => (Sku: SkuOf(line.Product), line.Quantity)).Where(line => line.Sku is not null);
        foreach (var line in wanted.GroupBy(line => line.Sku!, line => line.Quantity, StringComparer.Ordinal))
        {
            var read = await shards.Ask(shards.OfStock(request.Merchant, line.Key), new FindStock(request.Merchant, line.Key), Consistency.Local, request.Cancellation);
            var available = read.Reply is StockReply { Item: var item } ? item.Available : 0;
            if (available < line.Sum())
                shortages.Add(new Shortage(line.Key, line.Sum(), available));
        }
        return shortages.ToImmutable();
    }

    /// <summary>The order stands whether the cart can say so or not: a second one of the same cart is refused by its shard.</summary>
    private async Task Mark(string cart, string order)
    {
        try
        {
            await carts.MarkOrdered(cart, order);
        }
        catch (StoreUnavailableException)
        {
            log.CartNotMarked(order, cart);
        }
    }

    private IEnumerable<(string Product, Shortage Missing)> ProductsOf(ImmutableArray<CartLine> lines, ImmutableArray<Shortage> shortages) =>
        from line in lines
        join missing in shortages on SkuOf(line.Product) equals missing.Sku
        select (line.Product, missing);

    private string? SkuOf(string product) => catalog.Find(product)?.Product.Sku;
}
