using System.Collections.Immutable;

namespace Hanzo.Edge.Health.Probing;

/// <summary>Values in order that equal others in the same order, so that options read again from the same file are the same options.</summary>
public sealed class ValueList<T>(params ImmutableArray<T> values) : IEquatable<ValueList<T>>
{
    /// <summary>The values.</summary>
    public ImmutableArray<T> Values => values;

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => values.Aggregate(values.Length, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", values)}]";
}
