using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Sketches;

/// <summary>
/// How values are spread, each quantile within 1 % of itself (Masson, Rim, Lee: DDSketch, 2019): values fall into buckets
/// whose bounds grow by a fixed factor. From a billionth to 10^18 that is 3,200 buckets at most; what is smaller counts as
/// zero, and there is no place for values below it.
/// </summary>
public sealed record DdSketch : IShare<DdSketch>
{
    /// <summary>How far a quantile may be from the value it stands for, as a part of it.</summary>
    public const double Accuracy = 0.01;

    private const double Least = 1e-9;
    private const double Most = 1e18;
    private const int ZeroBucket = int.MinValue;

    private static readonly double Gamma = (1 + Accuracy) / (1 - Accuracy);
    private static readonly double LogGamma = Math.Log(Gamma);

    private readonly SortedMap<int, long> _buckets;

    private DdSketch(SortedMap<int, long> buckets, long weight) => (_buckets, Weight) = (buckets, weight);

    /// <inheritdoc/>
    public static DdSketch Empty { get; } = new(SortedMap<int, long>.Empty, 0);

    /// <inheritdoc/>
    public static byte Kind => 10;

    /// <summary>How many values there were.</summary>
    public long Weight { get; }

    /// <summary>With one more value.</summary>
    /// <param name="value">0 or more; beyond 10^18 it counts as that.</param>
    public DdSketch Add(double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfEqual(value, double.NaN);
        var bucket = value < Least ? ZeroBucket : (int)Math.Ceiling(Math.Log(Math.Min(value, Most)) / LogGamma);
        return new(_buckets.With(bucket, (_buckets.TryGet(bucket, out var count) ? count : 0) + 1), Weight + 1);
    }

    /// <summary>The value below which this part of all values lies, or null when there are none.</summary>
    /// <param name="part">0 to 1.</param>
    public double? Quantile(double part)
    {
        var rank = part * (Weight - 1);
        var below = 0L;
        foreach (var (bucket, count) in _buckets.Entries)
        {
            below += count;
            if (below > rank)
                return bucket == ZeroBucket ? 0 : 2 * Math.Pow(Gamma, bucket) / (Gamma + 1);
        }
        return null;
    }

    /// <inheritdoc/>
    public DdSketch Plus(DdSketch other) => new(
        _buckets.Join(other._buckets, static (int _, SortedMap<int, long>.Slot mine, SortedMap<int, long>.Slot theirs, out long joined) =>
        {
            joined = mine.Value + theirs.Value;
            return true;
        }),
        Weight + other.Weight);

    /// <inheritdoc/>
    public void Write(WireWriter writer)
    {
        writer.Count(_buckets.Count);
        foreach (var (bucket, count) in _buckets.Entries)
        {
            writer.Zigzag(bucket);
            writer.Varint((ulong)count);
        }
    }

    /// <inheritdoc/>
    public static DdSketch Read(WireReader reader)
    {
        var numbers = new List<int>();
        var buckets = new List<KeyValuePair<int, long>>();
        var weight = 0L;
        for (var left = reader.Count(); left > 0 && !reader.AtEnd; left--)
        {
            var bucket = reader.Zigzag();
            var count = reader.Natural();
            if (bucket is < int.MinValue or > int.MaxValue || count == 0 || weight > long.MaxValue - count)
                reader.Refuse(DecodeProblem.BadValue);
            reader.Ascending(numbers, (int)bucket);
            numbers.Add((int)bucket);
            buckets.Add(KeyValuePair.Create((int)bucket, count));
            weight = unchecked(weight + count);
        }
        return new(new([.. buckets]), weight);
    }
}
