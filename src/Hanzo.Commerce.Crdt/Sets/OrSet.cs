using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Maps;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Sets;

/// <summary>A set in which adding wins: a removal takes away only the additions that the remover has seen.</summary>
public sealed record OrSet<T> : IDotStore<OrSet<T>> where T : IElement<T>
{
    private readonly OrMap<T, DotSet> _marks;

    private OrSet(OrMap<T, DotSet> marks) => _marks = marks;

    /// <inheritdoc/>
    public static OrSet<T> Empty { get; } = new(OrMap<T, DotSet>.Empty);

    /// <inheritdoc/>
    public static byte Kind => 5;

    /// <inheritdoc/>
    public bool IsEmpty => _marks.IsEmpty;

    /// <inheritdoc/>
    public IEnumerable<Dot> Dots => _marks.Dots;

    /// <summary>How many elements there are.</summary>
    public int Count => _marks.Count;

    /// <summary>In order.</summary>
    public ImmutableArray<T> Elements => [.. _marks.Entries.Select(entry => entry.Key)];

    /// <summary>Whether the element is in the set.</summary>
    public bool Contains(T element) => _marks.Contains(element);

    /// <summary>Adds an element, there or not: it is then safe from removals under way elsewhere.</summary>
    public OrSet<T> Add(Change change, T element) => new(_marks.At(change, element, static (mark, under) => mark.Mark(under)));

    /// <summary>Removes an element, there or not.</summary>
    public OrSet<T> Remove(Change change, T element) => new(_marks.Remove(change, element));

    /// <summary>Removes every element.</summary>
    public OrSet<T> Clear(Change change) => new(_marks.Clear(change));

    /// <inheritdoc/>
    public OrSet<T> Join(OrSet<T> other, CausalContext seen, CausalContext seenByOther) => new(_marks.Join(other._marks, seen, seenByOther));

    /// <inheritdoc/>
    public void Write(WireWriter writer) => _marks.Write(writer);

    /// <inheritdoc/>
    public static OrSet<T> Read(WireReader reader) => new(OrMap<T, DotSet>.Read(reader));
}
