using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Elements;

/// <summary>Text, in the order of its UTF-16 code units.</summary>
/// <param name="Value">Well-formed: no half of a surrogate pair.</param>
public readonly record struct Text(string Value) : IElement<Text>
{
    /// <summary>Text is written as such.</summary>
    public static implicit operator Text(string value) => new(value);

    /// <inheritdoc/>
    public int CompareTo(Text other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public void Write(WireWriter writer) => writer.Text(Value);

    /// <inheritdoc/>
    public static Text Read(WireReader reader) => new(reader.Text());

    /// <inheritdoc/>
    public override string ToString() => Value;
}
