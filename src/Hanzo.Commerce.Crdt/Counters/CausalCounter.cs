using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Counters;

/// <summary>
/// A counter that goes up and down and can be removed: removing takes away exactly what the remover has seen, what was added
/// meanwhile elsewhere stays. Each addition keeps its dot for that. Its limit: a replica with more than <see cref="MaxDots"/>
/// additions of its own folds them into one, and a removal elsewhere that had not seen that one leaves all of them.
/// </summary>
public sealed record CausalCounter : IDotStore<CausalCounter>
{
    /// <summary>How many additions of one replica are kept apart.</summary>
    public const int MaxDots = 32;

    private readonly SortedMap<Dot, long> _amounts;

    private CausalCounter(SortedMap<Dot, long> amounts) => _amounts = amounts;

    /// <inheritdoc/>
    public static CausalCounter Empty { get; } = new(SortedMap<Dot, long>.Empty);

    /// <inheritdoc/>
    public static byte Kind => 7;

    /// <inheritdoc/>
    public bool IsEmpty => _amounts.Count == 0;

    /// <inheritdoc/>
    public IEnumerable<Dot> Dots => _amounts.Entries.Select(entry => entry.Key);

    /// <summary>The sum, which wraps around at the ends of its range.</summary>
    public long Value
    {
        get
        {
            var sum = 0L;
            foreach (var (_, amount) in _amounts.Entries)
                sum = unchecked(sum + amount);
            return sum;
        }
    }

    /// <summary>Adds, or takes away when <paramref name="amount"/> is below zero. Adding zero makes the counter present.</summary>
    public CausalCounter Add(Change change, long amount)
    {
        // There are never fewer in all than of this replica.
        if (_amounts.Count >= MaxDots && _amounts.Entries.Where(entry => entry.Key.Replica == change.Replica).ToList() is { Count: >= MaxDots } own)
        {
            change.Supersede(own.Select(entry => entry.Key));
            foreach (var (_, before) in own)
                amount = unchecked(amount + before);
        }
        return new(SortedMap<Dot, long>.Empty.With(change.NewDot(), amount));
    }

    /// <summary>Removes all that was seen.</summary>
    public CausalCounter Clear(Change change)
    {
        change.Supersede(Dots);
        return Empty;
    }

    /// <inheritdoc/>
    public CausalCounter Join(CausalCounter other, CausalContext seen, CausalContext seenByOther)
    {
        var joined = DotValues.Join(_amounts, other._amounts, seen, seenByOther);
        return joined.IsSame(_amounts) ? this : joined.IsSame(other._amounts) ? other : new(joined);
    }

    /// <inheritdoc/>
    public void Write(WireWriter writer) => DotValues.Write(writer, _amounts, static (into, amount) => into.Zigzag(amount));

    /// <inheritdoc/>
    public static CausalCounter Read(WireReader reader) => new(DotValues.Read(reader, static from => from.Zigzag()));
}
