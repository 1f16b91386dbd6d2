using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Elements;

/// <summary>A whole number.</summary>
/// <param name="Value">Any.</param>
public readonly record struct Number(long Value) : IElement<Number>
{
    /// <summary>Numbers are written as such.</summary>
    public static implicit operator Number(long value) => new(value);

    /// <inheritdoc/>
    public int CompareTo(Number other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public void Write(WireWriter writer) => writer.Zigzag(Value);

    /// <inheritdoc/>
    public static Number Read(WireReader reader) => new(reader.Zigzag());
}
