namespace Hanzo.Commerce.Node.Documents;

/// <summary>A value that stands at a path of a document.</summary>
/// <param name="Dot">The write that put it there.</param>
/// <param name="Stamp">Hybrid logical time of that write: of several the latest is shown.</param>
/// <param name="Number">Its number, for amounts and counts.</param>
/// <param name="Text">Its text; null for none.</param>
internal sealed record Cell(Dot Dot, ulong Stamp, long Number, string? Text)
{
    /// <summary>Whether this is shown rather than <paramref name="other"/>: the later write, by a fixed order where two are of one time.</summary>
    public bool WinsOver(Cell other) => Stamp != other.Stamp ? Stamp > other.Stamp : Dot.CompareTo(other.Dot) > 0;
}
