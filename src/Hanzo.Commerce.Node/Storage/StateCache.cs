namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// The rows used last, decoded, within a bound of memory. What a reader fetched from disk while the writer committed
/// something newer is not kept: each stripe counts its commits, and a reader's find is taken only at an unchanged count.
/// </summary>
internal sealed class StateCache
{
    private const int StripeCount = 16;

    /// <summary>Decoded states take several times the bytes of their encoding; measured on carts of three lines.</summary>
    private const int Spread = 6;
    private const int Overhead = 600;

    private readonly Stripe[] _stripes;

    public StateCache(long bytes) => _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe(bytes / StripeCount))];

    public Row? Find(StoreKey key, out long commits) => StripeOf(key).Find(key, out commits);

    /// <summary>Keeps what a reader found, unless its stripe has seen a commit since <paramref name="commits"/>.</summary>
    public void Found(StoreKey key, Row row, long commits) => StripeOf(key).Put(key, row, commits);

    /// <summary>Keeps what the writer has committed.</summary>
    public void Committed(StoreKey key, Row row) => StripeOf(key).Put(key, row, null);

    public void Clear()
    {
        foreach (var stripe in _stripes)
            stripe.Clear();
    }

    private Stripe StripeOf(StoreKey key) => _stripes[(uint)key.GetHashCode() % StripeCount];

    private sealed class Stripe(long bound)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<StoreKey, LinkedListNode<(StoreKey Key, Row Row)>> _rows = [];
        private readonly LinkedList<(StoreKey Key, Row Row)> _byUse = [];
        private long _size;
        private long _commits;

        public Row? Find(StoreKey key, out long commits)
        {
            lock (_lock)
            {
                commits = _commits;
                if (!_rows.TryGetValue(key, out var node))
                    return null;
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Row;
            }
        }

        public void Put(StoreKey key, Row row, long? commits)
        {
            lock (_lock)
            {
                if (commits is { } seen && seen != _commits)
                    return;
                if (commits is null)
                    _commits++;
                if (_rows.TryGetValue(key, out var node))
                {
                    Drop(node);
                    // The text of a key that has grown old stays, and the new one goes with its request.
                    node.Value = (node.Value.Key, row);
                    _byUse.AddFirst(node);
                }
                else
                    _rows.Add(key, _byUse.AddFirst((key, row)));
                _size += Charge(row);
                while (_size > bound && _byUse.Last is { } last)
                {
                    _rows.Remove(last.Value.Key);
                    Drop(last);
                }
            }
        }

        public void Clear()
        {
            lock (_lock)
            {
                _rows.Clear();
                _byUse.Clear();
                _size = 0;
                _commits++;
            }
        }

        private void Drop(LinkedListNode<(StoreKey Key, Row Row)> node)
        {
            _byUse.Remove(node);
            _size -= Charge(node.Value.Row);
        }

        private static long Charge(Row row) => Overhead + (long)row.Size * Spread;
    }
}
