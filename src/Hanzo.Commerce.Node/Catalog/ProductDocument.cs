using System.Collections.Immutable;
using System.Globalization;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Documents;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>
/// A product as texts of a document, a path for each field, so that edits of different fields at the same time both survive:
/// sku, name, description, currency, price/EUR, attribute/colour, variant/SKU and below it price and attribute again.
/// </summary>
internal static class ProductDocument
{
    private const string PricePath = "price/";
    private const string AttributePath = "attribute/";
    private const string VariantPath = "variant/";

    /// <summary>Writes what is not yet so.</summary>
    /// <param name="settles">Whether a field that has conflicts is written although what shows is what is wanted.</param>
    public static void Write(Draft draft, Product product, Func<string, bool> settles)
    {
        var wanted = PathsOf(product).ToImmutableSortedDictionary(field => field.Path, field => field.Value, StringComparer.Ordinal);
        var there = draft.After.Store.Texts.Entries;
        foreach (var (path, _) in there)
        {
            if (!wanted.ContainsKey(path.Value))
                draft.Remove(path.Value);
        }
        foreach (var (path, value) in wanted)
        {
            if (draft.After.Latest(path) != value || (draft.After.Store.Texts[path].Values.Length > 1 && settles(path)))
                draft.Set(path, value);
        }
    }

    /// <summary>The product in a document, or null when there is none.</summary>
    public static Product? Of(string id, Causal<Fields> document)
    {
        var texts = document.Store.Texts;
        if (texts.IsEmpty)
            return null;
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var conflicts = new List<Conflict>();
        foreach (var (path, register) in texts.Entries)
        {
            var values = register.Values;
            fields[path.Value] = values[0].Value.Value;
            conflicts.AddRange(values.Skip(1).Select(value => value.Value.Value).Where(other => other != values[0].Value.Value).Distinct()
                .Select(other => new Conflict(path.Value, other)));
        }
        var prices = PricesIn(fields, "");
        var currency = fields.GetValueOrDefault("currency");
        var price = prices.FirstOrDefault(price => price.Currency == currency, prices.FirstOrDefault(new Money(0, currency ?? "XXX")));
        var variants = VariantsIn(fields);
        return new Product(id, fields.GetValueOrDefault("sku", ""), fields.GetValueOrDefault("name", ""), fields.GetValueOrDefault("description", ""), price)
        {
            Prices = prices.Count > 1 ? [.. prices.Where(other => other.Currency != price.Currency)] : null,
            Attributes = AttributesIn(fields, ""),
            Variants = variants.Count > 0 ? variants : null,
            Conflicts = conflicts.Count > 0 ? conflicts : null,
        };
    }

    private static IEnumerable<(string Path, string Value)> PathsOf(Product product) =>
    [
        ("sku", product.Sku),
        ("name", product.Name),
        ("description", product.Description),
        ("currency", product.Price.Currency),
        .. PathsOf("", [product.Price, .. product.Prices ?? []], product.Attributes),
        .. (product.Variants ?? []).SelectMany(variant => PathsOf($"{VariantPath}{variant.Sku}/", variant.Prices ?? [], variant.Attributes)
            .Prepend(($"{VariantPath}{variant.Sku}", variant.Name))),
    ];

    private static IEnumerable<(string Path, string Value)> PathsOf(string above, IEnumerable<Money> prices, IReadOnlyDictionary<string, string>? attributes) =>
    [
        .. prices.Select(price => ($"{above}{PricePath}{price.Currency}", price.Amount.ToString(CultureInfo.InvariantCulture))),
        .. (attributes ?? ImmutableDictionary<string, string>.Empty).Select(attribute => ($"{above}{AttributePath}{attribute.Key}", attribute.Value)),
    ];

    /// <summary>A variant is there as long as anything is written of it: an edit survives that it is removed elsewhere at the same time.</summary>
    private static List<Variant> VariantsIn(SortedDictionary<string, string> fields) =>
        [.. fields.Keys.Where(path => path.StartsWith(VariantPath, StringComparison.Ordinal))
            .Select(path => path[VariantPath.Length..].Split('/')[0])
            .Distinct()
            .Select(sku => new Variant(sku, fields.GetValueOrDefault(VariantPath + sku, ""))
            {
                Prices = PricesIn(fields, $"{VariantPath}{sku}/") is { Count: > 0 } prices ? prices : null,
                Attributes = AttributesIn(fields, $"{VariantPath}{sku}/"),
            })];

    private static List<Money> PricesIn(SortedDictionary<string, string> fields, string above) =>
        [.. Below(fields, above + PricePath).Select(field => new Money(long.Parse(field.Value, NumberStyles.None, CultureInfo.InvariantCulture), field.Key))];

    private static SortedDictionary<string, string>? AttributesIn(SortedDictionary<string, string> fields, string above)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Below(fields, above + AttributePath))
            attributes[name] = value;
        return attributes.Count > 0 ? attributes : null;
    }

    private static IEnumerable<KeyValuePair<string, string>> Below(SortedDictionary<string, string> fields, string above) => fields
        .Where(field => field.Key.StartsWith(above, StringComparison.Ordinal))
        .Select(field => KeyValuePair.Create(field.Key[above.Length..], field.Value));
}
