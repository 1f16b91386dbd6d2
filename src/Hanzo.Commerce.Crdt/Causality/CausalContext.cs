using System.Collections.Immutable;

namespace Hanzo.Commerce.Crdt.Causality;

/// <summary>
/// The changes that a state has seen, whether or not anything is left of them: what was seen and is not there was removed.
/// A version vector, and the dots that came before those that precede them.
/// </summary>
public sealed class CausalContext : IEquatable<CausalContext>
{
    private CausalContext(VersionVector vector, ImmutableArray<Dot> early) => (Vector, Early) = (vector, early);

    /// <summary>Nothing was seen.</summary>
    public static CausalContext Empty { get; } = new(VersionVector.Empty, []);

    /// <summary>What was seen without a gap.</summary>
    public VersionVector Vector { get; }

    /// <summary>What was seen beyond a gap, in ascending order.</summary>
    public ImmutableArray<Dot> Early { get; }

    /// <summary>A context of these dots.</summary>
    public static CausalContext Of(IEnumerable<Dot> dots) => Compact(VersionVector.Empty, [.. dots.Order()]);

    /// <summary>Whether the change was seen.</summary>
    public bool Contains(Dot dot) => Vector.Contains(dot) || Early.BinarySearch(dot) >= 0;

    /// <summary>The highest number seen of a replica; 0 for none.</summary>
    public long Last(ReplicaId replica)
    {
        var last = Vector[replica];
        foreach (var dot in Early)
        {
            if (dot.Replica == replica)
                last = Math.Max(last, dot.Number);
        }
        return last;
    }

    /// <summary>Whether everything that <paramref name="other"/> has seen was seen here too.</summary>
    public bool Covers(CausalContext other)
    {
        if (!Vector.Covers(other.Vector))
            return false;
        foreach (var dot in other.Early)
        {
            if (!Contains(dot))
                return false;
        }
        return true;
    }

    /// <summary>What either has seen; this one itself where the other has seen nothing else.</summary>
    public CausalContext Join(CausalContext other)
    {
        if (Covers(other))
            return this;
        var vector = Vector.Join(other.Vector);
        // As a rule what is here has no gaps, and what comes is one change: nothing to sort then.
        return Early.IsEmpty ? Compact(vector, other.Early.AsSpan()) : Compact(vector, [.. Early.Concat(other.Early).Order()]);
    }

    /// <inheritdoc/>
    public bool Equals(CausalContext? other) =>
        other is not null && Vector.Equals(other.Vector) && Early.AsSpan().SequenceEqual(other.Early.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CausalContext);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Vector, Early.Length);

    /// <summary>A context that has seen both, in the one form there is for it.</summary>
    /// <param name="vector">Seen without a gap.</param>
    /// <param name="dots">Ascending; one may be there twice.</param>
    internal static CausalContext Compact(VersionVector vector, ReadOnlySpan<Dot> dots)
    {
        ImmutableArray<Dot>.Builder? early = null;
        foreach (var dot in dots)
        {
            var known = vector[dot.Replica];
            if (dot.Number <= known || (early is not null && early[^1] == dot))
                continue;
            if (dot.Number == known + 1)
                vector = vector.With(dot.Replica, dot.Number);
            else
                (early ??= ImmutableArray.CreateBuilder<Dot>()).Add(dot);
        }
        return new(vector, early is null ? [] : early.DrainToImmutable());
    }
}
