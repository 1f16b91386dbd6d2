using System.Collections.Immutable;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>
/// Which writes have been seen, whether they still stand or were replaced. Per origin all up to a number, and a few beyond
/// a gap: the news that a write was replaced may come before the writes before it.
/// </summary>
/// <param name="UpTo">Per origin, the number up to which all are seen.</param>
/// <param name="Beyond">Single ones after a gap.</param>
internal sealed record CausalContext(ImmutableSortedDictionary<Origin, long> UpTo, ImmutableSortedSet<Dot> Beyond)
{
    public static CausalContext Empty { get; } = new(ImmutableSortedDictionary<Origin, long>.Empty, []);

    public static CausalContext Of(IEnumerable<Dot> dots) => Empty.Join(new CausalContext(Empty.UpTo, [.. dots]));

    public bool Has(Dot dot) => dot.Number <= UpTo.GetValueOrDefault(dot.Origin) || Beyond.Contains(dot);

    /// <summary>The name of the origin's next write. Only the origin itself may ask: it alone has seen all of its own.</summary>
    public Dot Next(Origin origin) => new(origin, UpTo.GetValueOrDefault(origin) + 1);

    public CausalContext Join(CausalContext other)
    {
        var upTo = UpTo;
        foreach (var (origin, number) in other.UpTo)
        {
            if (number > upTo.GetValueOrDefault(origin))
                upTo = upTo.SetItem(origin, number);
        }
        if (Beyond.IsEmpty && other.Beyond.IsEmpty)
            return new CausalContext(upTo, Beyond);

        // In order, so that a run without a gap closes up whatever its length.
        var beyond = ImmutableSortedSet.CreateBuilder<Dot>();
        foreach (var dot in Beyond.Union(other.Beyond))
        {
            var seen = upTo.GetValueOrDefault(dot.Origin);
            if (dot.Number == seen + 1)
                upTo = upTo.SetItem(dot.Origin, dot.Number);
            else if (dot.Number > seen)
                beyond.Add(dot);
        }
        return new CausalContext(upTo, beyond.ToImmutable());
    }
}
