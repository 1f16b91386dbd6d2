using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Node.Documents;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>
/// Every product as last committed, in memory and in order of ids, so that lists and searches read no disk. The writer
/// replaces it whole after each commit, before whoever made the change is answered.
/// </summary>
internal sealed class CatalogView
{
    private volatile State _state = new(ImmutableSortedSet.Create<string>(StringComparer.Ordinal), ImmutableDictionary.Create<string, CatalogEntry>(StringComparer.Ordinal));

    public CatalogView() => Collection = new(2, "products", Committed);

    public DocumentCollection Collection { get; }

    public int Count => _state.Ids.Count;

    /// <summary>The product with this id, or null.</summary>
    public CatalogEntry? Find(string id) => _state.Entries.GetValueOrDefault(id);

    /// <summary>
    /// The products that fit, after an id; null starts at the first. A page is cut by id and not by position, so that
    /// products added meanwhile neither repeat nor hide others.
    /// </summary>
    public IEnumerable<CatalogEntry> After(string? id, ProductFilter filter)
    {
        var (ids, entries) = _state;
        var position = id is null ? 0 : ids.IndexOf(id) is >= 0 and var found ? found + 1 : ~ids.IndexOf(id);
        for (; position < ids.Count; position++)
        {
            if (entries[ids[position]] is var entry && filter.Takes(entry.Product))
                yield return entry;
        }
    }

    /// <summary>Takes in what is on disk; before anything is committed.</summary>
    public void Load(Store store)
    {
        foreach (var (id, state) in store.Look(reader => reader.All(Collection).ToList()))
            Committed(id, (Causal<Fields>)state);
    }

    private void Committed(string id, Causal<Fields> document)
    {
        var (ids, entries) = _state;
        _state = CatalogEntry.Of(id, document) is { } entry
            ? new(ids.Add(id), entries.SetItem(id, entry))
            : new(ids.Remove(id), entries.Remove(id));
    }

    private sealed record State(ImmutableSortedSet<string> Ids, ImmutableDictionary<string, CatalogEntry> Entries);
}

/// <summary>A product with the version of its document: the same wherever the same writes have been seen.</summary>
internal sealed record CatalogEntry(Product Product, string Version)
{
    public static CatalogEntry? Of(string id, Causal<Fields> document) =>
        ProductDocument.Of(id, document) is { } product ? new CatalogEntry(product, document.Version) : null;
}
