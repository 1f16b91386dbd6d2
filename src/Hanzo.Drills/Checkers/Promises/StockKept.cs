using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>No unit was sold that was not there, and every unit is either left or sold.</summary>
internal sealed record StockKept() : Promise("stock")
{
    public override Finding Judge(DrillRecord record) => new(
        Name, "units that were sold and were not there, or that are neither sold nor left", "count", false, 0,
        record.Shop is null || record.Shop.Stock.Sum(stock => stock.Asked) == 0 ? null : record.Shop.Stock.Sum(stock => stock.Oversold + stock.Adrift),
        [.. record.Shop?.Stock.Where(stock => stock.Oversold + stock.Adrift > 0).Take(MostEvidence).Select(stock =>
            $"{stock.Sku}: there were {stock.Units}, {stock.Acknowledged} customers were told that they have one, {stock.Asked} asked; nodes say {stock.OnHand?.ToString() ?? "nothing"} left, {stock.Committed?.ToString() ?? "nothing"} sold") ?? []],
        "Inventory is decided by a majority of the nodes: do they all belong to one cluster (GET /cluster)?");
}
