using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>
/// The products of this node, in memory: they last as long as the process and are this node's alone. Readers see one
/// immutable state; one writer at a time replaces it whole.
/// </summary>
internal sealed class ProductCatalog
{
    /// <summary>How many products a node holds at most: what is kept in memory has a bound.</summary>
    public const int Capacity = 10_000;

    private readonly Lock _writing = new();
    private volatile State _state;

    public ProductCatalog(IEnumerable<Product> seed)
    {
        var products = seed.ToImmutableDictionary(product => product.Id, CatalogEntry.Of, StringComparer.Ordinal);
        _state = new State(products.Keys.ToImmutableSortedSet(StringComparer.Ordinal), products);
    }

    /// <summary>The product with this id, or null.</summary>
    public CatalogEntry? Find(string id) => _state.Products.GetValueOrDefault(id);

    /// <summary>
    /// Products in ordinal order of their ids, after <paramref name="after"/> (null starts at the first). A page is cut by
    /// id and not by position, so that products added meanwhile neither repeat nor hide others.
    /// </summary>
    public CatalogPage List(string? after, int limit)
    {
        var state = _state;
        var start = after is null ? 0 : PositionAfter(state.Ids, after);
        var end = Math.Min(start + limit, state.Ids.Count);
        var products = ImmutableArray.CreateBuilder<Product>(end - start);
        for (var i = start; i < end; i++)
            products.Add(state.Products[state.Ids[i]].Product);
        return new CatalogPage(products.MoveToImmutable(), HasMore: end < state.Ids.Count);
    }

    /// <summary>Creates or replaces a product when <paramref name="mayReplace"/> agrees with what is there now (null for nothing).</summary>
    public PutResult Put(Product product, Func<CatalogEntry?, bool> mayReplace)
    {
        lock (_writing)
        {
            var (ids, products) = _state;
            var existing = products.GetValueOrDefault(product.Id);
            if (!mayReplace(existing))
                return new PutResult(PutOutcome.PreconditionFailed, existing);
            if (existing is null && ids.Count >= Capacity)
                return new PutResult(PutOutcome.Full, null);

            var entry = CatalogEntry.Of(product);
            _state = new State(ids.Add(product.Id), products.SetItem(product.Id, entry));
            return new PutResult(existing is null ? PutOutcome.Created : PutOutcome.Replaced, entry);
        }
    }

    private static int PositionAfter(ImmutableSortedSet<string> ids, string after)
    {
        var position = ids.IndexOf(after);
        return position >= 0 ? position + 1 : ~position;
    }

    private sealed record State(ImmutableSortedSet<string> Ids, ImmutableDictionary<string, CatalogEntry> Products);
}

/// <summary>One page of a list.</summary>
internal sealed record CatalogPage(ImmutableArray<Product> Products, bool HasMore);

/// <summary>What a put did, and the entry that stands there now, if any.</summary>
internal sealed record PutResult(PutOutcome Outcome, CatalogEntry? Entry);

internal enum PutOutcome
{
    Created,
    Replaced,
    PreconditionFailed,
    Full,
}
