using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Node.Documents;

namespace Hanzo.Commerce.Node.Carts;

/// <summary>
/// A cart as a document tells it. What two regions put in without knowing of each other adds up; what one puts in while the
/// other takes the line out stays, and only what the other saw is gone.
/// </summary>
/// <param name="Lines">In the order of products; none is empty.</param>
/// <param name="MergedInto">The cart that took over the lines; null for none.</param>
/// <param name="Order">The order that was made of it; null for none.</param>
/// <param name="Seen">The writes that it is made of.</param>
internal sealed partial record Cart(string Id, string? Customer, string? Note, ImmutableArray<CartLine> Lines, string? MergedInto, string? Order, CausalContext Seen)
{
    public const int MaxLines = 100;
    public const int MaxQuantity = 9_999;
    public const int MaxNoteLength = 1_000;
    public const int MaxCustomerLength = 64;

    public const string CustomerPath = "customer";
    public const string NotePath = "note";
    public const string CreatedPath = "created";
    public const string MergedPath = "merged";
    public const string OrderPath = "order";

    private const string LinePrefix = "line/";

    /// <summary>Another one wherever other writes have been seen. Whoever asks works it out, and not the store's writer.</summary>
    public string Version => field ??= CausalVersion.Of(Seen);

    public static bool IsId(string text) => IdPattern.IsMatch(text);

    public static string NewId(Guid unique) => $"cart_{unique:n}";

    /// <summary>Where the text of a quantity stands that counts once, however often and in whatever regions it is put in.</summary>
    /// <param name="key">What the client calls the request.</param>
    public static string KeyedPath(string product, string key) => $"{LinePrefix}{product}/{CausalVersion.Of(key)}";

    /// <summary>The cart in a document, or null when nothing was ever written there.</summary>
    public static Cart? Of(string id, Causal<Fields> document)
    {
        if (document.IsUnwritten)
            return null;
        var quantities = new List<CartLine>(document.Store.Counts.Count);
        foreach (var (product, count) in document.Store.Counts.Entries)
            quantities.Add(new CartLine(product.Value, count.Value));
        var unkeyed = quantities.Count;
        foreach (var (path, texts) in document.Store.Texts.Entries)
        {
            if (ProductOf(path.Value) is { } product && texts.TryGetLatest(out var text) && long.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity))
                quantities.Add(new CartLine(product, quantity));
        }
        if (quantities.Count > unkeyed)
            quantities = [.. quantities.GroupBy(line => line.Product, (product, parts) => new CartLine(product, parts.Aggregate(0L, (sum, part) => unchecked(sum + part.Quantity)))).OrderBy(line => line.Product, StringComparer.Ordinal)];
        ImmutableArray<CartLine> lines = [.. quantities.Where(line => line.Quantity > 0)];
        return new Cart(id, document.Latest(CustomerPath), document.Latest(NotePath), lines, document.Latest(MergedPath), document.Latest(OrderPath), document.Context);
    }

    /// <summary>Every path at which a quantity of the product was put in with a key.</summary>
    public static IEnumerable<string> KeyedPathsOf(Causal<Fields> document, string product) =>
        document.Store.Texts.Entries.Select(entry => entry.Key.Value).Where(path => ProductOf(path) == product);

    private static string? ProductOf(string path)
    {
        if (!path.StartsWith(LinePrefix, StringComparison.Ordinal))
            return null;
        var end = path.IndexOf('/', LinePrefix.Length);
        return end < 0 ? path[LinePrefix.Length..] : path[LinePrefix.Length..end];
    }

    [GeneratedRegex(@"\Acart_[0-9a-f]{32}\z")]
    private static partial Regex IdPattern { get; }
}

/// <summary>How many of a product are in a cart.</summary>
internal readonly record struct CartLine(string Product, long Quantity);
