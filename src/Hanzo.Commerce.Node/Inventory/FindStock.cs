using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

internal sealed record FindStock(string Merchant, string Sku) : Question
{
    public override Reply Answer(CommerceState state) =>
        state.Inventory.Stock.Find(StockItem.KeyOf(Merchant, Sku)) is { } item ? new StockReply(item) : new Refused("stock_not_found");
}

internal sealed record ListStock(string Merchant, string? After, int Limit) : ListQuestion(Merchant, After, Limit)
{
    public override Reply Answer(CommerceState state) => new StockPage(state.Inventory.Stock.Page(Prefix, AfterKey, Limit));
}
