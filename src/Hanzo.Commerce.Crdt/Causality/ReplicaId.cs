namespace Hanzo.Commerce.Crdt.Causality;

/// <summary>
/// Who makes changes: one life of one node's disk. A node whose disk was wiped takes a new number, since it can no longer know
/// which dots it has given out; a dot given twice would lose a change.
/// </summary>
/// <param name="Value">Any number; the whole cluster uses it for this replica alone.</param>
public readonly record struct ReplicaId(ulong Value) : IComparable<ReplicaId>
{
    /// <inheritdoc/>
    public int CompareTo(ReplicaId other) => Value.CompareTo(other.Value);

    /// <summary>The number as 16 hexadecimal digits.</summary>
    public override string ToString() => $"{Value:x16}";
}
