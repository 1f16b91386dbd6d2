using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>Which products a list wants. What is null is not asked for.</summary>
internal sealed record ProductFilter
{
    public static ProductFilter All { get; } = new();

    /// <summary>How a word of the name or the SKU begins, whatever its case.</summary>
    public string? Prefix { get; init; }

    /// <summary>The product's or a variant's.</summary>
    public string? Sku { get; init; }

    /// <summary>It has a price in this currency.</summary>
    public string? Currency { get; init; }

    /// <summary>At least this much in <see cref="Currency"/>, in minor units.</summary>
    public long? MinPrice { get; init; }

    /// <summary>At most this much in <see cref="Currency"/>, in minor units.</summary>
    public long? MaxPrice { get; init; }

    /// <summary>The product or one of its variants has all of these.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Attributes { get; init; } = [];

    public bool Takes(Product product) =>
        (Prefix is null || HasWord(product.Name, Prefix) || HasWord(product.Sku, Prefix))
        && (Sku is null || product.Sku == Sku || product.Variants?.Any(variant => variant.Sku == Sku) == true)
        && (Currency is null || PriceFits(product, Currency))
        && (Attributes.IsEmpty || Has(product.Attributes, null) || product.Variants?.Any(variant => Has(variant.Attributes, product.Attributes)) == true);

    private bool PriceFits(Product product, string currency) =>
        product.PriceIn(currency) is { } price && (MinPrice is null || price.Amount >= MinPrice) && (MaxPrice is null || price.Amount <= MaxPrice);

    private bool Has(IReadOnlyDictionary<string, string>? attributes, IReadOnlyDictionary<string, string>? otherwise) => Attributes.All(wanted =>
        attributes?.TryGetValue(wanted.Key, out var own) == true ? own == wanted.Value
        : otherwise?.TryGetValue(wanted.Key, out var shared) == true && shared == wanted.Value);

    private static bool HasWord(string text, string prefix)
    {
        for (var at = text.IndexOf(prefix, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(prefix, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                return true;
        }
        return false;
    }
}
