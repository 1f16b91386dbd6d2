using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Inventory;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>Stock as v1 tells it.</summary>
internal sealed record StockBody(string Sku, long OnHand, long Held, long Available, long Committed, DateTimeOffset UpdatedAt)
{
    public static StockBody Of(StockItem item) => new(item.Sku, item.OnHand, item.Held, item.Available, item.Committed, item.UpdatedAt);
}

/// <summary>A page of a list. <see cref="NextCursor"/> is there when there are more.</summary>
internal sealed record ListBody<T>(ImmutableArray<T> Data, bool HasMore)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}
