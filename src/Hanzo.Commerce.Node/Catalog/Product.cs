using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>What a merchant sells.</summary>
/// <param name="Id">Names the product in URLs; 1 to 64 lower-case letters, digits and inner hyphens. Chosen by the merchant.</param>
/// <param name="Sku">The merchant's stock keeping unit; 1 to 64 upper-case letters, digits and inner hyphens.</param>
/// <param name="Name">1 to <see cref="MaxNameLength"/> characters.</param>
/// <param name="Description">0 to <see cref="MaxDescriptionLength"/> characters.</param>
/// <param name="Price">Not negative; in the currency that the product is sold in by default.</param>
internal sealed partial record Product(string Id, string Sku, string Name, string Description, Money Price)
{
    public const int MaxNameLength = 200;
    public const int MaxDescriptionLength = 5_000;
    public const int MaxPrices = 40;
    public const int MaxAttributes = 40;
    public const int MaxVariants = 60;
    public const int MaxAttributeLength = 200;

    /// <summary>What it costs in other currencies, in the order of these; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Money>? Prices { get; init; }

    /// <summary>What it is like, by name; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>What can be had of it, in the order of SKUs; null when there is but one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Variant>? Variants { get; init; }

    /// <summary>What was written to a field at the same time as what shows, elsewhere, until somebody writes the field again; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Conflict>? Conflicts { get; init; }

    /// <summary>What it costs in this currency, or null.</summary>
    public Money? PriceIn(string currency) => Price.Currency == currency ? Price
        : Prices?.FirstOrDefault(price => price.Currency == currency) is { Currency: not null } other ? other : null;

    public static bool IsId(string text) => IdPattern.IsMatch(text);

    public static bool IsSku(string text) => SkuPattern.IsMatch(text);

    public static bool IsAttribute(string text) => AttributePattern.IsMatch(text);

    // \z, not $: a dollar would let a trailing line feed in.
    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\z")]
    private static partial Regex IdPattern { get; }

    [GeneratedRegex(@"\A[A-Z0-9](?:[A-Z0-9-]{0,62}[A-Z0-9])?\z")]
    private static partial Regex SkuPattern { get; }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,39}\z")]
    private static partial Regex AttributePattern { get; }
}

/// <summary>One of the forms in which a product can be had.</summary>
/// <param name="Sku">Its own stock keeping unit.</param>
/// <param name="Name">0 to <see cref="Product.MaxNameLength"/> characters.</param>
internal sealed record Variant(string Sku, string Name)
{
    /// <summary>What it costs where that is not what the product costs, in the order of currencies; null for nowhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Money>? Prices { get; init; }

    /// <summary>How it differs, by name; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
}

/// <summary>A value that is kept beside the one that shows.</summary>
/// <param name="Field">The field, such as name, price/EUR or variant/MUG-BLUE/attribute/colour.</param>
/// <param name="Value">The other value as it was written.</param>
internal sealed record Conflict(string Field, string Value);
