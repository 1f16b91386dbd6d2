using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Maps;

/// <summary>
/// A map of replicated values. Removing a key takes away what the remover has seen under it; what is changed under it at the
/// same time elsewhere stays, so a change wins over a removal that did not know it.
/// </summary>
public sealed record OrMap<TKey, TValue> : IDotStore<OrMap<TKey, TValue>>
    where TKey : IElement<TKey>
    where TValue : class, IDotStore<TValue>
{
    private readonly SortedMap<TKey, TValue> _values;

    private OrMap(SortedMap<TKey, TValue> values) => _values = values;

    /// <inheritdoc/>
    public static OrMap<TKey, TValue> Empty { get; } = new(SortedMap<TKey, TValue>.Empty);

    /// <inheritdoc/>
    public static byte Kind => 6;

    /// <inheritdoc/>
    public bool IsEmpty => _values.Count == 0;

    /// <inheritdoc/>
    public IEnumerable<Dot> Dots => _values.Entries.SelectMany(entry => entry.Value.Dots);

    /// <summary>How many keys there are.</summary>
    public int Count => _values.Count;

    /// <summary>The keys in order, with their values.</summary>
    public ImmutableArray<KeyValuePair<TKey, TValue>> Entries => _values.Entries;

    /// <summary>The value under a key, empty when there is none.</summary>
    public TValue this[TKey key] => _values.TryGet(key, out var value) ? value : TValue.Empty;

    /// <summary>Whether something is under the key.</summary>
    public bool Contains(TKey key) => _values.TryGet(key, out _);

    /// <summary>Changes the value under a key.</summary>
    /// <param name="change">The change under way.</param>
    /// <param name="key">There or not.</param>
    /// <param name="inside">The change of the value; it answers the value's delta.</param>
    public OrMap<TKey, TValue> At(Change change, TKey key, Func<TValue, Change, TValue> inside)
    {
        var delta = inside(this[key], change);
        return delta.IsEmpty ? Empty : new(SortedMap<TKey, TValue>.Empty.With(key, delta));
    }

    /// <summary>Removes what is seen under a key.</summary>
    public OrMap<TKey, TValue> Remove(Change change, TKey key)
    {
        change.Supersede(this[key].Dots);
        return Empty;
    }

    /// <summary>Removes what is seen under all keys.</summary>
    public OrMap<TKey, TValue> Clear(Change change)
    {
        change.Supersede(Dots);
        return Empty;
    }

    /// <summary>Two deltas of one change as one.</summary>
    public OrMap<TKey, TValue> And(OrMap<TKey, TValue> other) => Join(other, CausalContext.Empty, CausalContext.Empty);

    /// <inheritdoc/>
    public OrMap<TKey, TValue> Join(OrMap<TKey, TValue> other, CausalContext seen, CausalContext seenByOther) =>
        IsEmpty && other.IsEmpty ? this : new(_values.Join(other._values, (TKey _, SortedMap<TKey, TValue>.Slot mine, SortedMap<TKey, TValue>.Slot theirs, out TValue joined) =>
        {
            joined = (mine.Exists ? mine.Value : TValue.Empty).Join(theirs.Exists ? theirs.Value : TValue.Empty, seen, seenByOther);
            return !joined.IsEmpty;
        }));

    /// <inheritdoc/>
    public void Write(WireWriter writer)
    {
        writer.Count(_values.Count);
        foreach (var (key, value) in _values.Entries)
        {
            key.Write(writer);
            value.Write(writer);
        }
    }

    /// <inheritdoc/>
    public static OrMap<TKey, TValue> Read(WireReader reader) => new(reader.Entries(TKey.Read, static from =>
    {
        var value = TValue.Read(from);
        if (value.IsEmpty)
            from.Refuse(DecodeProblem.Contradicting);
        return value;
    }));
}
