using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>Names one write to one document: the origin that made it, and which of that origin's writes to this document it is, from 1.</summary>
internal readonly record struct Dot(Origin Origin, long Number) : IComparable<Dot>
{
    public int CompareTo(Dot other) => Origin.CompareTo(other.Origin) is var order and not 0 ? order : Number.CompareTo(other.Number);
}
