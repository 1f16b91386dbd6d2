using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

internal sealed partial record InventoryState
{
    private Step<InventoryState> Put(PutStock put, DateTimeOffset at)
    {
        var existing = Stock.Find(StockItem.KeyOf(put.Merchant, put.Sku));
        if (!put.Condition.Holds(existing?.Version.ToString()))
            return new(this, new Refused("precondition_failed") { Version = existing?.Version.ToString() });
        if (existing is null)
            return Keep(new StockItem(put.Merchant, put.Sku, put.OnHand, Held: 0, Committed: 0, Version: 1, at), created: true);
        if (existing.OnHand == put.OnHand)
            return new(this, new StockReply(existing));
        // Units may have been taken between the count and the put: a number without the version it was counted against would bring them back.
        if (!put.Condition.NamesVersions)
            return new(this, new Refused("precondition_required") { Version = existing.Version.ToString() });
        return Change(existing, put.OnHand, at);
    }

    private Step<InventoryState> Adjust(AdjustStock adjust, DateTimeOffset at) =>
        Stock.Find(StockItem.KeyOf(adjust.Merchant, adjust.Sku)) is { } existing
            ? Change(existing, existing.OnHand + adjust.Delta, at)
            : new(this, new Refused("stock_not_found"));

    private Step<InventoryState> Change(StockItem item, long onHand, DateTimeOffset at) =>
        onHand > StockItem.MaxOnHand ? new(this, new Refused("stock_too_large"))
        : onHand < item.Held ? new(this, new Refused("insufficient_stock") { Shortages = [new Shortage(item.Sku, item.OnHand - onHand, item.Available)] })
        : Keep(item with { OnHand = onHand, Version = item.Version + 1, UpdatedAt = at });

    private Step<InventoryState> Keep(StockItem item, bool created = false)
    {
        Stock.Set(StockItem.KeyOf(item.Merchant, item.Sku), item);
        return new(this, new StockReply(item, created));
    }

    private ImmutableArray<Shortage> Shortages(string merchant, ImmutableArray<Line> lines)
    {
        var shortages = ImmutableArray<Shortage>.Empty;
        foreach (var line in lines)
        {
            var available = Stock.Find(StockItem.KeyOf(merchant, line.Sku))?.Available ?? 0;
            if (available < line.Quantity)
                shortages = shortages.Add(new Shortage(line.Sku, line.Quantity, available));
        }
        return shortages;
    }

    private void HoldLines(string merchant, ImmutableArray<Line> lines, DateTimeOffset at) =>
        Move(merchant, lines, (item, quantity) => item with { Held = item.Held + quantity }, at);

    private void CommitLines(string merchant, ImmutableArray<Line> lines, DateTimeOffset at) =>
        Move(merchant, lines, (item, quantity) => item with { OnHand = item.OnHand - quantity, Held = item.Held - quantity, Committed = item.Committed + quantity }, at);

    private void ReleaseLines(string merchant, ImmutableArray<Line> lines, DateTimeOffset at) =>
        Move(merchant, lines, (item, quantity) => item with { Held = item.Held - quantity }, at);

    private void ReturnLines(string merchant, ImmutableArray<Line> lines, DateTimeOffset at) =>
        Move(merchant, lines, (item, quantity) => item with { OnHand = item.OnHand + quantity, Committed = item.Committed - quantity }, at);

    private void Move(string merchant, ImmutableArray<Line> lines, Func<StockItem, long, StockItem> move, DateTimeOffset at)
    {
        foreach (var line in lines)
        {
            var key = StockItem.KeyOf(merchant, line.Sku);
            var item = Stock.Find(key)!;
            Stock.Set(key, move(item, line.Quantity) with { Version = item.Version + 1, UpdatedAt = at });
        }
    }
}
