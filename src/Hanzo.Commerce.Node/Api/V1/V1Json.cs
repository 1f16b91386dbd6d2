using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Catalog;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>What v1 sends. Names are snake case.</summary>
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(ProductList))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(OrderBody))]
[JsonSerializable(typeof(ListBody<OrderBody>))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(ListBody<WebhookBody>))]
[JsonSerializable(typeof(StockBody))]
[JsonSerializable(typeof(PaymentBody))]
[JsonSerializable(typeof(ListBody<PaymentBody>))]
[JsonSerializable(typeof(ListBody<StockBody>))]
[JsonSerializable(typeof(ListBody<ReservationBody>))]
internal sealed partial class V1Json : JsonSerializerContext
{
    /// <summary>Leaves letters of every script as they are: the answers are application/json, never pasted into HTML by us.</summary>
    public static V1Json Context { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>A page of products. <see cref="NextCursor"/> is there when there are more.</summary>
internal sealed record ProductList(IReadOnlyList<Product> Data, bool HasMore)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}
