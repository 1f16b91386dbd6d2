using System.Collections.Immutable;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>
/// Fields that a later version wrote, kept as they came. A replica that does not know them cannot merge them, so it keeps
/// every content it has met; who knows the field reads all of them as one. Its limit: contents gather until then.
/// </summary>
public sealed class UnknownFields : IEquatable<UnknownFields>
{
    private UnknownFields(ImmutableArray<UnknownField> all) => All = all;

    /// <summary>No field.</summary>
    public static UnknownFields None { get; } = new([]);

    /// <summary>In order of number and content, each once.</summary>
    public ImmutableArray<UnknownField> All { get; }

    /// <summary>What either has.</summary>
    public UnknownFields Merge(UnknownFields other)
    {
        if (other.All.IsEmpty || ReferenceEquals(this, other))
            return this;
        return All.IsEmpty ? other : new([.. All.Concat(other.All).Distinct().Order()]);
    }

    /// <inheritdoc/>
    public bool Equals(UnknownFields? other) => other is not null && All.AsSpan().SequenceEqual(other.All.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnknownFields);

    /// <inheritdoc/>
    public override int GetHashCode() => All.Length;

    internal static UnknownFields One(int number, ReadOnlySpan<byte> content) => new([new(number, [.. content])]);
}
