using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Sets;

/// <summary>A mark that is there as long as a dot is: what an element of a set leaves.</summary>
internal sealed class DotSet : IDotStore<DotSet>
{
    private readonly ImmutableArray<Dot> _dots;

    private DotSet(ImmutableArray<Dot> dots) => _dots = dots;

    public static DotSet Empty { get; } = new([]);

    public static byte Kind => 0;

    public bool IsEmpty => _dots.IsEmpty;

    public IEnumerable<Dot> Dots => _dots;

    public DotSet Mark(Change change)
    {
        change.Supersede(_dots);
        return new([change.NewDot()]);
    }

    public DotSet Clear(Change change)
    {
        change.Supersede(_dots);
        return Empty;
    }

    public DotSet Join(DotSet other, CausalContext seen, CausalContext seenByOther) =>
        new([.. _dots.Where(dot => other._dots.Contains(dot) || !seenByOther.Contains(dot)).Concat(
            other._dots.Where(dot => !_dots.Contains(dot) && !seen.Contains(dot))).Order()]);

    public void Write(WireWriter writer)
    {
        writer.Count(_dots.Length);
        foreach (var dot in _dots)
            writer.Dot(dot);
    }

    public static DotSet Read(WireReader reader)
    {
        var dots = new List<Dot>();
        for (var left = reader.Count(); left > 0 && !reader.AtEnd; left--)
        {
            var dot = reader.Dot();
            reader.Ascending(dots, dot);
            dots.Add(dot);
        }
        return new([.. dots]);
    }

    public bool Equals(DotSet? other) => other is not null && _dots.AsSpan().SequenceEqual(other._dots.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as DotSet);

    public override int GetHashCode() => _dots.Length;
}
