using System.Diagnostics.CodeAnalysis;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// The rows used last, within a bound of memory. What a reader fetched from disk while the writer committed something newer is
/// not kept: each stripe counts its commits, and a reader's find is taken only at an unchanged count.
/// </summary>
internal sealed class StateCache
{
    private const int StripeCount = 16;

    private readonly CollectionSet _collections;
    private readonly CacheStripe[] _stripes;

    public StateCache(long bytes, CollectionSet collections)
    {
        _collections = collections;
        _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new CacheStripe(bytes / StripeCount))];
    }

    public bool TryFind(StoreKey key, [NotNullWhen(true)] out Row? row, out long commits)
    {
        if (!StripeOf(key).TryFind(key, out row, out var encoded, out var digest, out commits))
            return false;
        row ??= new Row(_collections[key.Collection].Decode(encoded), encoded!, digest);
        return true;
    }

    /// <summary>Keeps what a reader found, unless its stripe has seen a commit since <paramref name="commits"/>.</summary>
    public void Found(StoreKey key, Row row, long commits) => StripeOf(key).Put(key, row, _collections[key.Collection].IsKeptEncoded, commits);

    /// <summary>Keeps what the writer has committed.</summary>
    public void Committed(StoreKey key, Row row) => StripeOf(key).Put(key, row, _collections[key.Collection].IsKeptEncoded, null);

    public void Clear()
    {
        foreach (var stripe in _stripes)
            stripe.Clear();
    }

    private CacheStripe StripeOf(StoreKey key) => _stripes[(uint)key.GetHashCode() % StripeCount];
}
