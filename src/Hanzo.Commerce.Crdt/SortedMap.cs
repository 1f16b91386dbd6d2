using System.Collections.Immutable;

namespace Hanzo.Commerce.Crdt;

/// <summary>
/// An immutable map in one sorted array: what is small and merged often is faster, smaller and easier to compare this way
/// than as a tree. Its limit: adding to it copies it, so it is not for hundreds of thousands of keys.
/// </summary>
internal readonly struct SortedMap<TKey, TValue> : IEquatable<SortedMap<TKey, TValue>>
    where TKey : IComparable<TKey>
{
    private readonly ImmutableArray<KeyValuePair<TKey, TValue>> _entries;

    /// <param name="entries">In strictly ascending order of keys.</param>
    public SortedMap(ImmutableArray<KeyValuePair<TKey, TValue>> entries) => _entries = entries;

    /// <summary>Whether an entry of two maps is kept, and as what.</summary>
    public delegate bool Joining(TKey key, Slot mine, Slot theirs, out TValue joined);

    public static SortedMap<TKey, TValue> Empty { get; } = new([]);

    public ImmutableArray<KeyValuePair<TKey, TValue>> Entries => _entries.IsDefault ? [] : _entries;

    public int Count => _entries.IsDefault ? 0 : _entries.Length;

    public bool TryGet(TKey key, out TValue value)
    {
        var index = IndexOf(key);
        value = index < 0 ? default! : Entries[index].Value;
        return index >= 0;
    }

    public SortedMap<TKey, TValue> With(TKey key, TValue value)
    {
        var index = IndexOf(key);
        var entry = KeyValuePair.Create(key, value);
        return new(index < 0 ? Entries.Insert(~index, entry) : Entries.SetItem(index, entry));
    }

    /// <summary>Walks both maps once, in order.</summary>
    public SortedMap<TKey, TValue> Join(SortedMap<TKey, TValue> other, Joining joining)
    {
        var (mine, theirs) = (Entries, other.Entries);
        var joined = ImmutableArray.CreateBuilder<KeyValuePair<TKey, TValue>>(mine.Length + theirs.Length);
        for (int i = 0, j = 0; i < mine.Length || j < theirs.Length;)
        {
            var order = i == mine.Length ? 1 : j == theirs.Length ? -1 : mine[i].Key.CompareTo(theirs[j].Key);
            var key = order <= 0 ? mine[i].Key : theirs[j].Key;
            var left = order <= 0 ? new Slot(true, mine[i++].Value) : default;
            var right = order >= 0 ? new Slot(true, theirs[j++].Value) : default;
            if (joining(key, left, right, out var value))
                joined.Add(KeyValuePair.Create(key, value));
        }
        return new(joined.DrainToImmutable());
    }

    /// <summary>Whether both are one and the same array, so that nothing is to be copied.</summary>
    public bool IsSame(SortedMap<TKey, TValue> other) => _entries == other._entries;

    public bool Equals(SortedMap<TKey, TValue> other) => Entries.AsSpan().SequenceEqual(other.Entries.AsSpan());

    public override bool Equals(object? obj) => obj is SortedMap<TKey, TValue> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in Entries)
        {
            hash.Add(key);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    private int IndexOf(TKey key)
    {
        var entries = Entries;
        var (low, high) = (0, entries.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = entries[middle].Key.CompareTo(key);
            if (order == 0)
                return middle;
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return ~low;
    }

    /// <summary>What a map has under a key.</summary>
    public readonly record struct Slot(bool Exists, TValue Value);
}
