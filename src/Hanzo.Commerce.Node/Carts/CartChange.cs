using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Inventory;

namespace Hanzo.Commerce.Node.Carts;

/// <summary>A line of a cart as its customer saw it.</summary>
internal readonly record struct SeenLine(string Product, long Quantity, Money UnitPrice);

/// <summary>How a line is not what its customer saw. What is as it was is null.</summary>
internal sealed record CartChange(string Product)
{
    /// <summary>0 where there is no such line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WasAndIs<long>? Quantity { get; init; }

    /// <summary>In the currency that was seen; without it where the product is not sold in that currency any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WasAndIs<Money>? UnitPrice { get; init; }

    /// <summary>Units that can be had, where they are fewer than the line wants.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WasAndIs<long>? Available { get; init; }

    [JsonIgnore]
    public bool IsNone => Quantity is null && UnitPrice is null && Available is null;

    /// <summary>What became of the lines that were seen, and those that were not; in order of the products.</summary>
    /// <param name="cart">As it is, or null for none.</param>
    /// <param name="find">What the catalog has under an id.</param>
    public static ImmutableArray<CartChange> Between(ImmutableArray<SeenLine> seen, Cart? cart, Func<string, Product?> find)
    {
        var now = (cart?.Lines ?? []).ToDictionary(line => line.Product, line => line.Quantity, StringComparer.Ordinal);
        var changes = new List<CartChange>();
        foreach (var line in seen)
        {
            now.Remove(line.Product, out var quantity);
            var price = find(line.Product)?.PriceIn(line.UnitPrice.Currency);
            changes.Add(new CartChange(line.Product)
            {
                Quantity = quantity == line.Quantity ? null : new(line.Quantity, quantity),
                UnitPrice = price == line.UnitPrice ? null : new(line.UnitPrice, price),
            });
        }
        changes.AddRange(now.Select(added => new CartChange(added.Key) { Quantity = new(0, added.Value) }));
        return [.. changes.Where(change => !change.IsNone).OrderBy(change => change.Product, StringComparer.Ordinal)];
    }

    /// <summary>The same changes with what the stock lacks.</summary>
    public static ImmutableArray<CartChange> With(ImmutableArray<CartChange> changes, IEnumerable<(string Product, Shortage Missing)> shortages)
    {
        var all = changes.ToDictionary(change => change.Product, StringComparer.Ordinal);
        foreach (var (product, missing) in shortages)
            all[product] = (all.GetValueOrDefault(product) ?? new CartChange(product)) with { Available = new(missing.Requested, missing.Available) };
        return [.. all.Values.OrderBy(change => change.Product, StringComparer.Ordinal)];
    }
}

/// <summary>What a customer saw, and what there is.</summary>
internal sealed record WasAndIs<T>(T Was, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] T? Is)
    where T : struct;
