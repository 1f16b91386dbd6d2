using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>So many units of a SKU.</summary>
/// <param name="Quantity">1 to <see cref="MaxQuantity"/>.</param>
internal sealed record Line(string Sku, long Quantity)
{
    public const long MaxQuantity = 1_000_000;
}

/// <summary>What is missing of a line.</summary>
internal sealed record Shortage(string Sku, long Requested, long Available);

/// <summary>The lines of a reservation that another shard stocks.</summary>
internal sealed record PartPlan(int Shard, ImmutableArray<Line> Lines);
