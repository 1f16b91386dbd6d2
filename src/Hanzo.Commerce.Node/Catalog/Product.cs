using System.Text.RegularExpressions;
using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>What a merchant sells.</summary>
/// <param name="Id">Names the product in URLs; 1 to 64 lower-case letters, digits and inner hyphens. Chosen by the merchant.</param>
/// <param name="Sku">The merchant's stock keeping unit; 1 to 64 upper-case letters, digits and inner hyphens.</param>
/// <param name="Name">1 to <see cref="MaxNameLength"/> characters.</param>
/// <param name="Description">0 to <see cref="MaxDescriptionLength"/> characters.</param>
/// <param name="Price">Not negative.</param>
internal sealed partial record Product(string Id, string Sku, string Name, string Description, Money Price)
{
    public const int MaxNameLength = 200;
    public const int MaxDescriptionLength = 5_000;

    public static bool IsId(string text) => IdPattern.IsMatch(text);

    public static bool IsSku(string text) => SkuPattern.IsMatch(text);

    // \z, not $: a dollar would let a trailing line feed in.
    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\z")]
    private static partial Regex IdPattern { get; }

    [GeneratedRegex(@"\A[A-Z0-9](?:[A-Z0-9-]{0,62}[A-Z0-9])?\z")]
    private static partial Regex SkuPattern { get; }
}
