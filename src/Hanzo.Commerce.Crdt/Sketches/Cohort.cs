using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Sketches;

/// <summary>
/// A sample of visitors, with when each came first and last: the <see cref="Size"/> lowest hashes of all that came. Samples of
/// different pages hold the same visitors wherever their hashes are low enough, so that who went from one to the next can be
/// counted in them (bottom-k sampling: Cohen, Kaplan, 2007). Exact up to <see cref="Size"/> visitors, then a sample.
/// </summary>
public sealed class Cohort : ICrdt<Cohort>
{
    /// <summary>How many visitors are kept.</summary>
    public const int Size = 2_048;

    private const int VisitsField = 1;

    private readonly SortedMap<ulong, Visit> _visits;

    private Cohort(SortedMap<ulong, Visit> visits, UnknownFields unknown) => (_visits, Unknown) = (visits, unknown);

    /// <inheritdoc/>
    public static Cohort Empty { get; } = new(SortedMap<ulong, Visit>.Empty, UnknownFields.None);

    /// <inheritdoc/>
    public static byte Kind => 12;

    /// <summary>Fields of later versions.</summary>
    public UnknownFields Unknown { get; }

    /// <summary>The part of all hashes up to which every visitor is here: 1 when all are.</summary>
    public double Coverage => _visits.Count < Size ? 1 : (_visits.Entries[^1].Key + 1.0) / Math.Pow(2, 64);

    /// <summary>The visitors of the sample in order of their hashes.</summary>
    public IEnumerable<KeyValuePair<ulong, Visit>> Visits => _visits.Entries;

    /// <summary>When a visitor of the sample came; false when it did not, or is not in the sample.</summary>
    public bool TryGet(ulong visitor, out Visit visit) => _visits.TryGet(visitor, out visit);

    /// <summary>With one more visit; itself when that changes nothing.</summary>
    /// <param name="visitor">A hash, as of <see cref="StableHash"/>.</param>
    /// <param name="at">Any number that grows with time.</param>
    public Cohort Add(ulong visitor, long at)
    {
        if (_visits.TryGet(visitor, out var visit) ? visit.First <= at && visit.Last >= at : _visits.Count == Size && visitor > _visits.Entries[^1].Key)
            return this;
        return Merge(new(SortedMap<ulong, Visit>.Empty.With(visitor, new(at, at)), UnknownFields.None));
    }

    /// <inheritdoc/>
    public Cohort Merge(Cohort other)
    {
        var all = _visits.Join(other._visits, static (ulong _, SortedMap<ulong, Visit>.Slot mine, SortedMap<ulong, Visit>.Slot theirs, out Visit joined) =>
        {
            joined = !theirs.Exists ? mine.Value : !mine.Exists ? theirs.Value
                : new(Math.Min(mine.Value.First, theirs.Value.First), Math.Max(mine.Value.Last, theirs.Value.Last));
            return true;
        });
        return new(all.Count > Size ? new(all.Entries[..Size]) : all, Unknown.Merge(other.Unknown));
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
        return new(new([.. visits]), reader.Rest());
    }

    /// <inheritdoc/>
    public bool Equals(Cohort? other) => other is not null && _visits.Equals(other._visits) && Unknown.Equals(other.Unknown);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Cohort);

    /// <inheritdoc/>
    public override int GetHashCode() => _visits.GetHashCode();
}

/// <summary>When somebody came.</summary>
/// <param name="First">The first time.</param>
/// <param name="Last">The last time, not before the first.</param>
public readonly record struct Visit(long First, long Last);
