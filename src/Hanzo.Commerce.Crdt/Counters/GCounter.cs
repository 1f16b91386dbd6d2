using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Counters;

/// <summary>A counter that only grows: what each replica has counted, of which the larger is the later.</summary>
public sealed class GCounter : ICrdt<GCounter>
{
    private const int CountsField = 1;

    private readonly VersionVector _counts;

    private GCounter(VersionVector counts, UnknownFields unknown) => (_counts, Unknown) = (counts, unknown);

    /// <inheritdoc/>
    public static GCounter Empty { get; } = new(VersionVector.Empty, UnknownFields.None);

    /// <inheritdoc/>
    public static byte Kind => 1;

    /// <summary>The sum over all replicas. It stays at the largest number when it would grow beyond.</summary>
    public long Value
    {
        get
        {
            var sum = 0L;
            foreach (var (_, count) in _counts.Entries)
                sum = count > long.MaxValue - sum ? long.MaxValue : sum + count;
            return sum;
        }
    }

    /// <summary>Fields of later versions.</summary>
    public UnknownFields Unknown { get; }

    /// <summary>The delta of counting further.</summary>
    /// <param name="replica">Who counts.</param>
    /// <param name="amount">1 or more.</param>
    public GCounter Increment(ReplicaId replica, long amount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        return new(VersionVector.Empty.With(replica, checked(_counts[replica] + amount)), UnknownFields.None);
    }

    /// <inheritdoc/>
    public GCounter Merge(GCounter other) => new(_counts.Join(other._counts), Unknown.Merge(other.Unknown));

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        writer.Field(CountsField).Vector(_counts);
        writer.Unknown(Unknown);
    }

    /// <inheritdoc/>
    public static GCounter Read(StateReader reader)
    {
        var field = reader.Field(CountsField);
        var counts = field.Vector();
        field.End();
        return new(counts, reader.Rest());
    }

    /// <inheritdoc/>
    public bool Equals(GCounter? other) => other is not null && _counts.Equals(other._counts) && Unknown.Equals(other.Unknown);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GCounter);

    /// <inheritdoc/>
    public override int GetHashCode() => _counts.GetHashCode();
}
