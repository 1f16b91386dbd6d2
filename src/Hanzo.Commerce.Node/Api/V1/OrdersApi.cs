using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/orders: units and the money for them, both or neither.</summary>
internal sealed class OrdersApi(CommerceShards shards, OrderSaga saga, OrderDesk desk, ReservationSaga reservations, Lists lists)
{
    public void Map(Endpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Read(routes, "/v1/orders", List);
        endpoints.ReadOne(routes, "/v1/orders/{id}", Get);
        endpoints.Post(routes, "/v1/orders", Place);
        endpoints.PostBare(routes, "/v1/orders/{id}/cancel", Cancel);
    }

    private ValueTask<ApiAnswer> List(ApiRequest request) => lists.Page(
        request,
        page => new ListOrders(request.Merchant, page.After, page.Limit),
        reply => ((OrderPage)reply).Orders,
        order => order.Id,
        OrderBody.Of,
        V1Json.Context.ListBodyOrderBody);

    private async ValueTask<ApiAnswer> Get(ApiRequest request)
    {
        var id = request.Route("id");
        var read = await shards.Ask(shards.OfId(id), new FindOrder(request.Merchant, id), request.Consistency, request.Cancellation);
        if (read.Reply is OrderReply { Order.IsPublic: false })
            return Refusals.Tell(new Refused("order_not_found"));
        return Answers.To(read, request.Consistency == Consistency.Local, Tell);
    }

    private async ValueTask<ApiAnswer> Place(ApiRequest request)
    {
        var body = new BodyReading(request.Body);
        var items = ReadItems(body);
        var terms = OrderTerms.Read(body, "/items", [.. items.Select(item => (item.UnitPrice, item.Quantity))]);
        if (body.End("order") is { } problem)
            return problem;

        var lines = items.Select(item => new Line(item.Sku, item.Quantity));
        var (home, reserve) = reservations.Plan("", request.Merchant, lines, terms.Hold, shard => shards.NewId("res", shard));
        if (shards.IsUsedElsewhere(request.Key!, home))
            return Refusals.Tell(new Refused("idempotency_key_reused"));
        return Answers.To(await desk.Place(request, home, reserve, items, terms), TellPlaced);
    }

    private async ValueTask<ApiAnswer> Cancel(ApiRequest request)
    {
        if (request.Body.ValueKind != JsonValueKind.Undefined && new BodyReading(request.Body).End("empty object") is { } problem)
            return problem;
        return Answers.To(await saga.Cancel(new CancelOrder(request.Merchant, request.Route("id")), request.Key!, request.Cancellation), Tell);
    }

    private static ImmutableArray<OrderItem> ReadItems(BodyReading body)
    {
        var items = body.Reading.Objects("items", Reservation.MaxLines, item => new OrderItem(
            item.Text("sku", Product.IsSku, "1 to 64 upper-case letters, digits and inner hyphens"),
            item.WholeNumber("quantity", number => number is >= 1 and <= Line.MaxQuantity, $"A whole number from 1 to {Line.MaxQuantity}"),
            OrderTerms.ReadUnitPrice(item)));
        if (body.IsSound && items.Select(item => item.Sku).Distinct().Count() < items.Length)
            body.Note("/items", "Each SKU stands in one item; add the quantities.");
        return items;
    }

    public static ApiAnswer TellPlaced(Reply reply) => Tell(reply) with
    {
        Status = StatusCodes.Status201Created,
        Location = $"/v1/orders/{((OrderReply)reply).Order.Id}",
    };

    private static ApiAnswer Tell(Reply reply)
    {
        var order = ((OrderReply)reply).Order;
        return new ApiAnswer(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(OrderBody.Of(order), V1Json.Context.OrderBody)) { ETag = $"\"{order.Version}\"" };
    }
}
