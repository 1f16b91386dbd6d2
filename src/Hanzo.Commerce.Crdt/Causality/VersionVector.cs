using System.Collections.Immutable;

namespace Hanzo.Commerce.Crdt.Causality;

/// <summary>How far each replica's changes are known: all up to and including the number, without a gap.</summary>
public sealed class VersionVector : IEquatable<VersionVector>
{
    private readonly SortedMap<ReplicaId, long> _known;

    private VersionVector(SortedMap<ReplicaId, long> known) => _known = known;

    /// <summary>Nothing is known.</summary>
    public static VersionVector Empty { get; } = new(SortedMap<ReplicaId, long>.Empty);

    /// <summary>The last number known of each replica, in order of the replicas; every number is 1 or more.</summary>
    public ImmutableArray<KeyValuePair<ReplicaId, long>> Entries => _known.Entries;

    /// <summary>The last number known of a replica; 0 for none.</summary>
    public long this[ReplicaId replica] => _known.TryGet(replica, out var number) ? number : 0;

    /// <summary>Knows this replica up to <paramref name="number"/>, whatever was known of it before.</summary>
    public VersionVector With(ReplicaId replica, long number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return new(_known.With(replica, number));
    }

    /// <summary>What is known of these replicas; of one that is there twice, the higher number.</summary>
    /// <param name="known">Every number is 1 or more.</param>
    public static VersionVector Of(IEnumerable<KeyValuePair<ReplicaId, long>> known) => known.Aggregate(Empty, (vector, entry) =>
        vector[entry.Key] < entry.Value ? vector.With(entry.Key, entry.Value) : vector);

    internal static VersionVector Of(ImmutableArray<KeyValuePair<ReplicaId, long>> known) => new(new(known));

    /// <summary>Whether the change is known.</summary>
    public bool Contains(Dot dot) => dot.Number <= this[dot.Replica];

    /// <summary>Whether everything that <paramref name="other"/> knows is known here too.</summary>
    public bool Covers(VersionVector other)
    {
        foreach (var (replica, number) in other.Entries)
        {
            if (this[replica] < number)
                return false;
        }
        return true;
    }

    /// <summary>What either knows.</summary>
    public VersionVector Join(VersionVector other)
    {
        if (Covers(other))
            return this;
        return new(_known.Join(other._known, static (ReplicaId _, SortedMap<ReplicaId, long>.Slot mine, SortedMap<ReplicaId, long>.Slot theirs, out long joined) =>
        {
            joined = Math.Max(mine.Value, theirs.Value);
            return true;
        }));
    }

    /// <summary>What both know.</summary>
    public VersionVector Meet(VersionVector other) =>
        new(_known.Join(other._known, static (ReplicaId _, SortedMap<ReplicaId, long>.Slot mine, SortedMap<ReplicaId, long>.Slot theirs, out long joined) =>
        {
            joined = Math.Min(mine.Value, theirs.Value);
            return joined > 0;
        }));

    /// <summary>What of this <paramref name="other"/> does not know.</summary>
    public VersionVector Beyond(VersionVector other) => new(new([.. Entries.Where(entry => entry.Value > other[entry.Key])]));

    /// <inheritdoc/>
    public bool Equals(VersionVector? other) => other is not null && _known.Equals(other._known);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VersionVector);

    /// <inheritdoc/>
    public override int GetHashCode() => _known.GetHashCode();

    /// <summary>Replicas and numbers, for people.</summary>
    public override string ToString() => $"[{string.Join(' ', Entries.Select(entry => new Dot(entry.Key, entry.Value)))}]";
}
