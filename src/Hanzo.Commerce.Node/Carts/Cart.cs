using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Hanzo.Commerce.Node.Documents;

namespace Hanzo.Commerce.Node.Carts;

/// <summary>
/// A cart as a document tells it. What two regions put in without knowing of each other adds up; what one puts in while the
/// other takes the line out stays, and only what the other saw is gone.
/// </summary>
/// <param name="Lines">In the order of products; none is empty.</param>
/// <param name="MergedInto">The cart that took over the lines; null for none.</param>
internal sealed partial record Cart(string Id, string? Customer, string? Note, ImmutableArray<CartLine> Lines, string? MergedInto, string Version)
{
    public const int MaxLines = 100;
    public const int MaxQuantity = 9_999;
    public const int MaxNoteLength = 1_000;
    public const int MaxCustomerLength = 64;

    public const string CustomerPath = "customer";
    public const string NotePath = "note";
    public const string CreatedPath = "created";
    public const string MergedPath = "merged";

    private const string LinePrefix = "line/";

    public static bool IsId(string text) => IdPattern.IsMatch(text);

    public static string NewId(Guid unique) => $"cart_{unique:n}";

    /// <summary>Where a line's quantity stands: with a key, a quantity that counts once however often and wherever it is put in.</summary>
    public static string LinePath(string product, string? key = null) => key is null ? LinePrefix + product : $"{LinePrefix}{product}/{key}";

    /// <summary>A short name for what a client calls a request.</summary>
    public static string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    /// <summary>The cart in a document, or null when nothing was ever written there.</summary>
    public static Cart? Of(string id, Document document)
    {
        if (document.Context.UpTo.IsEmpty)
            return null;
        var quantities = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (path, cells) in document.Cells)
        {
            if (ProductOf(path) is not { } product)
                continue;
            // With a key the same quantity may stand there twice, from two regions; without one each was put in by itself.
            var quantity = path.Length > LinePrefix.Length + product.Length ? Document.Latest(cells)!.Number : cells.Sum(cell => cell.Number);
            quantities[product] = quantities.GetValueOrDefault(product) + quantity;
        }
        ImmutableArray<CartLine> lines = [.. quantities.Where(line => line.Value > 0).Select(line => new CartLine(line.Key, line.Value))];
        return new Cart(id, document.Latest(CustomerPath)?.Text, document.Latest(NotePath)?.Text, lines, document.Latest(MergedPath)?.Text, VersionOf(document));
    }

    /// <summary>Every path of a product's line.</summary>
    public static IEnumerable<string> PathsOf(Document document, string product) => document.Cells.Keys.Where(path => ProductOf(path) == product);

    private static string? ProductOf(string path)
    {
        if (!path.StartsWith(LinePrefix, StringComparison.Ordinal))
            return null;
        var end = path.IndexOf('/', LinePrefix.Length);
        return end < 0 ? path[LinePrefix.Length..] : path[LinePrefix.Length..end];
    }

    /// <summary>The same wherever the same writes have been seen.</summary>
    private static string VersionOf(Document document)
    {
        var seen = new StringBuilder();
        foreach (var (origin, number) in document.Context.UpTo)
            seen.Append(CultureInfo.InvariantCulture, $"{origin}:{number},");
        foreach (var dot in document.Context.Beyond)
            seen.Append(CultureInfo.InvariantCulture, $"{dot.Origin}+{dot.Number},");
        return KeyOf(seen.ToString());
    }

    [GeneratedRegex(@"\Acart_[0-9a-f]{32}\z")]
    private static partial Regex IdPattern { get; }
}

/// <summary>How many of a product are in a cart.</summary>
internal readonly record struct CartLine(string Product, long Quantity);
