using System.Collections.Immutable;
using System.Globalization;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>The filter in a list's query: q, sku, currency, min_price, max_price, and attribute.NAME for each attribute.</summary>
internal static class ProductFilterQuery
{
    private const string AttributePrefix = "attribute.";
    private const int MaxText = 200;

    private static readonly string[] Known = ["q", "sku", "currency", "min_price", "max_price", "limit", "cursor"];

    /// <summary>The filter, or the parameter that is wrong. A misspelt one must not widen a list in silence.</summary>
    public static (ProductFilter Filter, string? Wrong) Read(IQueryCollection query)
    {
        var attributes = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var (name, values) in query)
        {
            if (values is not [{ Length: <= MaxText } value] || (value.Length == 0 && name is not "limit" and not "cursor"))
                return (ProductFilter.All, name);
            if (name.StartsWith(AttributePrefix, StringComparison.Ordinal) && Product.IsAttribute(name[AttributePrefix.Length..]))
                attributes.Add(KeyValuePair.Create(name[AttributePrefix.Length..], value));
            else if (!Known.Contains(name))
                return (ProductFilter.All, name);
        }
        var filter = new ProductFilter
        {
            Prefix = One(query, "q"),
            Sku = One(query, "sku"),
            Currency = One(query, "currency"),
            Attributes = attributes.ToImmutable(),
        };
        if (filter.Currency is not null && !CurrencyCodes.Has(filter.Currency))
            return (filter, "currency");
        if (!TryAmount(query, "min_price", filter.Currency, out var least))
            return (filter, "min_price");
        return TryAmount(query, "max_price", filter.Currency, out var most)
            ? (filter with { MinPrice = least, MaxPrice = most }, null)
            : (filter, "max_price");
    }

    private static bool TryAmount(IQueryCollection query, string name, string? currency, out long? amount)
    {
        amount = null;
        if (One(query, name) is not { } text)
            return true;
        if (currency is null || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        amount = number;
        return true;
    }

    private static string? One(IQueryCollection query, string name) => query.TryGetValue(name, out var values) ? values[0] : null;
}
