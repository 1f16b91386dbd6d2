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
    public static CausalContext Of(IEnumerable<Dot> dots) => Compact(VersionVector.Empty, dots);

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

    /// <summary>What either has seen.</summary>
    public CausalContext Join(CausalContext other)
    {
        if (other.Early.IsEmpty && Vector.Covers(other.Vector))
            return this;
        return Compact(Vector.Join(other.Vector), Early.Concat(other.Early));
    }

    /// <inheritdoc/>
    public bool Equals(CausalContext? other) =>
        other is not null && Vector.Equals(other.Vector) && Early.AsSpan().SequenceEqual(other.Early.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CausalContext);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Vector, Early.Length);

    internal static CausalContext Compact(VersionVector vector, IEnumerable<Dot> dots)
    {
        var early = ImmutableArray.CreateBuilder<Dot>();
        foreach (var dot in dots.Order())
        {
            if (vector.Contains(dot) || (early.Count > 0 && early[^1] == dot))
                continue;
            if (dot.Number == vector[dot.Replica] + 1)
                vector = vector.With(dot.Replica, dot.Number);
            else
                early.Add(dot);
        }
        return new(vector, early.DrainToImmutable());
    }
}
