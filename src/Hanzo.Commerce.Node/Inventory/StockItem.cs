namespace Hanzo.Commerce.Node.Inventory;

/// <summary>How much a merchant has of one SKU. <c>OnHand + Committed</c> changes only by puts and adjustments: reservations move units, they never make or lose any.</summary>
/// <param name="OnHand">Units that are there, held ones included. From <see cref="Held"/> to <see cref="MaxOnHand"/>.</param>
/// <param name="Held">Units promised to reservations that are neither committed nor over.</param>
/// <param name="Committed">Units that committed reservations have taken since the SKU was first put.</param>
/// <param name="Version">Counts the changes; its entity tag.</param>
internal sealed record StockItem(string Merchant, string Sku, long OnHand, long Held, long Committed, long Version, DateTimeOffset UpdatedAt)
{
    /// <summary>Far more than anyone stocks, and far from where sums of 64 bits overflow.</summary>
    public const long MaxOnHand = 1_000_000_000_000;

    /// <summary>Units that can still be reserved.</summary>
    public long Available => OnHand - Held;

    public static string KeyOf(string merchant, string sku) => $"{merchant}/{sku}";
}
