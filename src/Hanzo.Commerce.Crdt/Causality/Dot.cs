namespace Hanzo.Commerce.Crdt.Causality;

/// <summary>The name of one change: the n-th of its replica, counted from 1.</summary>
/// <param name="Replica">Who made it.</param>
/// <param name="Number">1 or more.</param>
public readonly record struct Dot(ReplicaId Replica, long Number) : IComparable<Dot>
{
    /// <inheritdoc/>
    public int CompareTo(Dot other)
    {
        var order = Replica.CompareTo(other.Replica);
        return order != 0 ? order : Number.CompareTo(other.Number);
    }

    /// <summary>Replica and number, for people.</summary>
    public override string ToString() => $"{Replica}:{Number}";
}
