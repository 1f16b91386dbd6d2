using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>The products of this node: every edit is written here, in this region, and joined with what the others wrote.</summary>
internal sealed class ProductCatalog(Store store, CatalogView view)
{
    /// <summary>How many products a node takes at most: what is kept in memory has a bound.</summary>
    public const int Capacity = 10_000;

    /// <summary>The product with this id, or null.</summary>
    public CatalogEntry? Find(string id) => view.Find(id);

    /// <summary>Products that fit, in ordinal order of their ids, after <paramref name="after"/> (null starts at the first).</summary>
    public CatalogPage List(string? after, int limit, ProductFilter filter)
    {
        var entries = view.After(after, filter).Take(limit + 1).Select(entry => entry.Product).ToImmutableArray();
        return new CatalogPage(entries.Length > limit ? entries[..limit] : entries, HasMore: entries.Length > limit);
    }

    /// <summary>Creates or changes a product.</summary>
    /// <param name="id">Of the product.</param>
    /// <param name="edit">What it becomes, given what is there now (null for nothing), or why it may not.</param>
    /// <param name="settles">Whether a field is written although what shows is what is wanted, to settle its conflicts.</param>
    public Task<PutResult> Change(string id, Func<CatalogEntry?, (Product? Product, PutOutcome Refusal)> edit, Func<string, bool> settles) => store.Change(transaction =>
    {
        var document = view.Collection.In(transaction, id);
        var before = CatalogEntry.Of(id, document);
        var (product, refusal) = edit(before);
        if (product is null)
            return new PutResult(refusal, before);
        if (before is null && view.Count >= Capacity)
            return new PutResult(PutOutcome.Full, null);

        var draft = new Draft(document, transaction.Self, transaction.Stamp);
        ProductDocument.Write(draft, product, settles);
        view.Collection.Write(transaction, id, draft);
        return new PutResult(before is null ? PutOutcome.Created : PutOutcome.Replaced, CatalogEntry.Of(id, draft.After));
    });
}

/// <summary>One page of a list.</summary>
internal sealed record CatalogPage(ImmutableArray<Product> Products, bool HasMore);

/// <summary>What became of an edit, and the entry that stands there now, if any.</summary>
internal sealed record PutResult(PutOutcome Outcome, CatalogEntry? Entry);

internal enum PutOutcome
{
    Created,
    Replaced,
    NotFound,
    PreconditionFailed,

    /// <summary>What it would become is no product.</summary>
    Invalid,
    Full,
}
