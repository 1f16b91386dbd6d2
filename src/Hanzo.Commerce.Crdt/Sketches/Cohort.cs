using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Sketches;

/// <summary>
/// A sample of visitors, with when each came first and last: the lowest hashes of all that came, <see cref="Size"/> at most.
/// Samples of different pages hold the same visitors wherever their hashes are low enough, so that who went from one to the next
/// can be counted in them (bottom-k sampling: Cohen, Kaplan, 2007). Exact as long as nobody had to be left out, then a sample.
/// </summary>
public sealed class Cohort : ICrdt<Cohort>
{
    /// <summary>How many visitors are kept.</summary>
    public const int Size = 2_048;

    private const int VisitsField = 1;
    private const int BoundField = 2;

    private readonly SortedMap<ulong, Visit> _visits;

    /// <summary>Up to this hash every visitor is here. The last one here where there are as many as are kept.</summary>
    private readonly ulong _bound;

    private Cohort(SortedMap<ulong, Visit> visits, ulong bound, UnknownFields unknown)
    {
        (_visits, Unknown) = (visits.Count > Size ? new(visits.Entries[..Size]) : visits, unknown);
        _bound = _visits.Count == Size ? _visits.Entries[^1].Key : bound;
    }

    /// <inheritdoc/>
    public static Cohort Empty { get; } = new(SortedMap<ulong, Visit>.Empty, ulong.MaxValue, UnknownFields.None);

    /// <inheritdoc/>
    public static byte Kind => 12;

    /// <summary>Fields of later versions.</summary>
    public UnknownFields Unknown { get; }

    /// <summary>The part of all hashes up to which every visitor is here: 1 when all are.</summary>
    public double Coverage => _bound == ulong.MaxValue ? 1 : (_bound + 1.0) / Math.Pow(2, 64);

    /// <summary>The visitors of the sample in order of their hashes.</summary>
    public IEnumerable<KeyValuePair<ulong, Visit>> Visits => _visits.Entries;

    /// <summary>When a visitor of the sample came; false when it did not, or is not in the sample.</summary>
    public bool TryGet(ulong visitor, out Visit visit) => _visits.TryGet(visitor, out visit);

    /// <summary>With one more visit; itself when that changes nothing.</summary>
    /// <param name="visitor">A hash, as of <see cref="StableHash"/>.</param>
    /// <param name="at">Any number that grows with time.</param>
    public Cohort Add(ulong visitor, long at)
    {
        if (!_visits.TryGet(visitor, out var visit))
            return visitor > _bound ? this : new(_visits.With(visitor, new(at, at)), _bound, Unknown);
        return visit.First <= at && visit.Last >= at ? this
            : new(_visits.With(visitor, new(Math.Min(visit.First, at), Math.Max(visit.Last, at))), _bound, Unknown);
    }

    /// <summary>A smaller sample: those with the lowest hashes, at most <paramref name="count"/>, 1 or more.</summary>
    public Cohort Lowest(int count) => _visits.Count <= count ? this : new(new(_visits.Entries[..count]), _visits.Entries[count - 1].Key, Unknown);

    /// <inheritdoc/>
    public Cohort Merge(Cohort other)
    {
        var bound = Math.Min(_bound, other._bound);
        var all = _visits.Join(other._visits, (ulong visitor, SortedMap<ulong, Visit>.Slot mine, SortedMap<ulong, Visit>.Slot theirs, out Visit joined) =>
        {
            joined = !theirs.Exists ? mine.Value : !mine.Exists ? theirs.Value
                : new(Math.Min(mine.Value.First, theirs.Value.First), Math.Max(mine.Value.Last, theirs.Value.Last));
            return visitor <= bound;
        });
        return new(all, bound, Unknown.Merge(other.Unknown));
    }

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        var field = writer.Field(VisitsField);
        field.Count(_visits.Count);
        foreach (var (visitor, (first, last)) in _visits.Entries)
        {
            field.Fixed(visitor);
            field.Zigzag(first);
            field.Varint((ulong)(last - first));
        }
        if (_visits.Count < Size && _bound != ulong.MaxValue)
            writer.Field(BoundField).Fixed(_bound);
        writer.Unknown(Unknown);
    }

    /// <inheritdoc/>
    public static Cohort Read(StateReader reader)
    {
        var field = reader.Field(VisitsField);
        var visitors = new List<ulong>();
        var visits = new List<KeyValuePair<ulong, Visit>>();
        for (var left = field.AtEnd ? 0 : field.Count(); left > 0 && !field.AtEnd; left--)
        {
            var visitor = field.Fixed();
            field.Ascending(visitors, visitor);
            visitors.Add(visitor);
            var (first, length) = (field.Zigzag(), field.Natural());
            if (first > long.MaxValue - length || visitors.Count > Size)
                field.Refuse(DecodeProblem.BadValue);
            visits.Add(KeyValuePair.Create(visitor, new Visit(first, unchecked(first + length))));
        }
        field.End();
        var bounded = reader.Field(BoundField);
        var bound = bounded.AtEnd ? ulong.MaxValue : bounded.Fixed();
        bounded.End();
        if (visitors is [.., var highest] && highest > bound)
            reader.Refuse(DecodeProblem.BadValue);
        return new(new([.. visits]), bound, reader.Rest());
    }

    /// <inheritdoc/>
    public bool Equals(Cohort? other) => other is not null && _bound == other._bound && _visits.Equals(other._visits) && Unknown.Equals(other.Unknown);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Cohort);

    /// <inheritdoc/>
    public override int GetHashCode() => _visits.GetHashCode();
}

/// <summary>When somebody came.</summary>
/// <param name="First">The first time.</param>
/// <param name="Last">The last time, not before the first.</param>
public readonly record struct Visit(long First, long Last);
