using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>How far each origin's log has been applied: everything up to and including the number, without a gap.</summary>
internal sealed record VersionVector(ImmutableSortedDictionary<Origin, long> Applied)
{
    public static VersionVector Empty { get; } = new(ImmutableSortedDictionary<Origin, long>.Empty);

    /// <summary>The last sequence number applied of this origin; 0 for none.</summary>
    public long this[Origin origin] => Applied.GetValueOrDefault(origin);

    public VersionVector With(Origin origin, long sequence) => new(Applied.SetItem(origin, sequence));

    /// <summary>Whether everything that <paramref name="other"/> has seen is here too.</summary>
    public bool Covers(VersionVector other)
    {
        foreach (var (origin, sequence) in other.Applied)
        {
            if (this[origin] < sequence)
                return false;
        }
        return true;
    }

    /// <summary>What either has seen.</summary>
    public VersionVector Join(VersionVector other)
    {
        var joined = this;
        foreach (var (origin, sequence) in other.Applied)
        {
            if (joined[origin] < sequence)
                joined = joined.With(origin, sequence);
        }
        return joined;
    }

    /// <summary>What both have seen.</summary>
    public VersionVector Meet(VersionVector other) =>
        new(Applied
            .Select(pair => KeyValuePair.Create(pair.Key, Math.Min(pair.Value, other[pair.Key])))
            .Where(pair => pair.Value > 0)
            .ToImmutableSortedDictionary());

    /// <summary>What of this the other has not seen.</summary>
    public VersionVector Beyond(VersionVector other)
    {
        var beyond = this;
        foreach (var (origin, sequence) in Applied)
        {
            if (other[origin] >= sequence)
                beyond = new VersionVector(beyond.Applied.Remove(origin));
        }
        return beyond;
    }

    public bool Equals(VersionVector? other) => other is not null && Applied.SequenceEqual(other.Applied);

    public override int GetHashCode() => Applied.Count;
}
