using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Registers;

/// <summary>
/// One value, and beside it those written at the same time elsewhere, until somebody writes who has seen them. The latest by
/// hybrid time is first, so that it can be served while the others wait for somebody to choose.
/// </summary>
public sealed record MvRegister<T> : IDotStore<MvRegister<T>> where T : IElement<T>
{
    private readonly SortedMap<Dot, Stamped> _values;

    private MvRegister(SortedMap<Dot, Stamped> values) => _values = values;

    /// <inheritdoc/>
    public static MvRegister<T> Empty { get; } = new(SortedMap<Dot, Stamped>.Empty);

    /// <inheritdoc/>
    public static byte Kind => 4;

    /// <inheritdoc/>
    public bool IsEmpty => _values.Count == 0;

    /// <inheritdoc/>
    public IEnumerable<Dot> Dots => _values.Entries.Select(entry => entry.Key);

    /// <summary>The values with their times, latest first; of the same time the one of the higher replica.</summary>
    public ImmutableArray<(HybridTime Time, T Value)> Values =>
        [.. _values.Entries.OrderByDescending(entry => entry.Value.Time).ThenByDescending(entry => entry.Key).Select(entry => (entry.Value.Time, entry.Value.Value))];

    /// <summary>The first of <see cref="Values"/>.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryGetLatest([MaybeNullWhen(false)] out T value)
    {
        KeyValuePair<Dot, Stamped>? latest = null;
        // Dots ascend, so of the same time the last is of the highest replica.
        foreach (var entry in _values.Entries)
        {
            if (latest is not { } so || entry.Value.Time.CompareTo(so.Value.Time) >= 0)
                latest = entry;
        }
        value = latest is { } found ? found.Value.Value : default;
        return latest is not null;
    }

    /// <summary>Writes a value in place of all that are there.</summary>
    /// <param name="change">The change under way.</param>
    /// <param name="time">Of a hybrid clock.</param>
    /// <param name="value">What to write.</param>
    public MvRegister<T> Set(Change change, HybridTime time, T value)
    {
        change.Supersede(Dots);
        return new(SortedMap<Dot, Stamped>.Empty.With(change.NewDot(), new(time, value)));
    }

    /// <summary>Removes all that are there.</summary>
    public MvRegister<T> Clear(Change change)
    {
        change.Supersede(Dots);
        return Empty;
    }

    /// <inheritdoc/>
    public MvRegister<T> Join(MvRegister<T> other, CausalContext seen, CausalContext seenByOther)
    {
        var joined = DotValues.Join(_values, other._values, seen, seenByOther);
        return joined.IsSame(_values) ? this : joined.IsSame(other._values) ? other : new(joined);
    }

    /// <inheritdoc/>
    public void Write(WireWriter writer) => DotValues.Write(writer, _values, static (into, stamped) =>
    {
        into.Fixed(stamped.Time.Value);
        stamped.Value.Write(into);
    });

    /// <inheritdoc/>
    public static MvRegister<T> Read(WireReader reader) =>
        new(DotValues.Read(reader, static from => new Stamped(new(from.Fixed()), T.Read(from))));

    private readonly record struct Stamped(HybridTime Time, T Value);
}
