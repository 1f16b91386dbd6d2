using System.Collections.Immutable;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>A field that a later version wrote.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Content">Its bytes.</param>
public readonly record struct UnknownField(int Number, ImmutableArray<byte> Content) : IComparable<UnknownField>
{
    /// <inheritdoc/>
    public bool Equals(UnknownField other) => Number == other.Number && Content.AsSpan().SequenceEqual(other.Content.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Number, Content.Length);

    /// <inheritdoc/>
    public int CompareTo(UnknownField other)
    {
        var order = Number.CompareTo(other.Number);
        return order != 0 ? order : Content.AsSpan().SequenceCompareTo(other.Content.AsSpan());
    }
}
