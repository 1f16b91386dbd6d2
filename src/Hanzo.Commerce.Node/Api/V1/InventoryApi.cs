using System.Text.Json;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/inventory: how many units of each SKU a merchant has.</summary>
internal sealed class InventoryApi(CommerceShards shards, Lists lists)
{
    public void Map(Endpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Read(routes, "/v1/inventory", List);
        endpoints.ReadOne(routes, "/v1/inventory/{sku}", Get);
        endpoints.Put(routes, "/v1/inventory/{sku}", Put);
        endpoints.Post(routes, "/v1/inventory/{sku}/adjustments", Adjust);
    }

    private ValueTask<ApiAnswer> List(ApiRequest request) => lists.Page(
        request,
        page => new ListStock(request.Merchant, page.After, page.Limit),
        reply => ((StockPage)reply).Items,
        item => item.Sku,
        StockBody.Of,
        V1Json.Context.ListBodyStockBody);

    private async ValueTask<ApiAnswer> Get(ApiRequest request)
    {
        var sku = request.Route("sku");
        var read = await shards.Ask(shards.OfStock(request.Merchant, sku), new FindStock(request.Merchant, sku), request.Consistency, request.Cancellation);
        return Answers.To(read, request.Consistency == Consistency.Local, Tell);
    }

    private async ValueTask<ApiAnswer> Put(ApiRequest request)
    {
        var sku = request.Route("sku");
        if (!Product.IsSku(sku))
            return NoSku();
        if (Precondition.Read(request.Context.Request.Headers) is not { } precondition)
            return ApiAnswer.Refuse(400, "invalid_precondition", "If-Match and If-None-Match are * or entity tags in quotes, separated by commas.");
        var body = new BodyReading(request.Body);
        var onHand = body.Reading.WholeNumber("on_hand", number => number is >= 0 and <= StockItem.MaxOnHand, $"A whole number of units from 0 to {StockItem.MaxOnHand}");
        if (body.End("stock") is { } problem)
            return problem;

        var put = new PutStock(request.Merchant, sku, onHand, precondition.ToCondition());
        var submitted = await shards.Do(shards.OfStock(request.Merchant, sku), put, request.Cancellation);
        return Answers.To(submitted, reply => Tell(reply) with { Location = reply is StockReply { Created: true } ? $"/v1/inventory/{sku}" : null });
    }

    private async ValueTask<ApiAnswer> Adjust(ApiRequest request)
    {
        var sku = request.Route("sku");
        if (!Product.IsSku(sku))
            return NoSku();
        var body = new BodyReading(request.Body);
        var delta = body.Reading.WholeNumber("delta", number => number is not 0 and >= -StockItem.MaxOnHand and <= StockItem.MaxOnHand, "A whole number of units that came, or went when it is negative; not 0");
        if (body.End("adjustment") is { } problem)
            return problem;
        return Answers.To(await shards.Do(shards.OfStock(request.Merchant, sku), new AdjustStock(request.Merchant, sku, delta), request.Cancellation, request.Key), Tell);
    }

    private static ApiAnswer Tell(Reply reply)
    {
        var stock = (StockReply)reply;
        return new ApiAnswer(stock.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(StockBody.Of(stock.Item), V1Json.Context.StockBody))
        {
            ETag = $"\"{stock.Item.Version}\"",
        };
    }

    private static ApiAnswer NoSku() => ApiAnswer.Refuse(400, "invalid_sku", "A SKU is 1 to 64 upper-case letters, digits and inner hyphens.");
}
