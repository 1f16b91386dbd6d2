using System.Numerics;

namespace Hanzo.Edge.Health.Passive;

/// <summary>
/// Gathers the latencies of one endpoint's answers in buckets that grow by an eighth of a power of two, 128 µs to 17 min.
/// Every request writes, one judge empties. Limits: a percentile is known to the width of its bucket, 12 % at most.
/// </summary>
internal sealed class LatencyWindow
{
    private const int Steps = 8;
    private const int SmallestExponent = 7; // 2^7 µs
    private const int Exponents = 24;

    private readonly int[] counts = new int[Exponents * Steps];

    /// <summary>Counts one answer. Allocates nothing, waits for nobody.</summary>
    public void Record(TimeSpan latency) => Interlocked.Increment(ref counts[BucketOf((ulong)Math.Max(0, latency.TotalMicroseconds))]);

    /// <summary>The number of answers since the last call and the latencies that 95 and 99 of 100 stayed under, and starts anew.</summary>
    public (int Count, TimeSpan P95, TimeSpan P99) Take()
    {
        Span<int> taken = stackalloc int[counts.Length];
        var total = 0;
        for (var i = 0; i < counts.Length; i++) total += taken[i] = Interlocked.Exchange(ref counts[i], 0);
        return (total, Percentile(taken, total - total / 20), Percentile(taken, total - total / 100));
    }

    private static TimeSpan Percentile(ReadOnlySpan<int> taken, int rank)
    {
        var bucket = 0;
        for (var seen = 0; bucket < taken.Length - 1 && (seen += taken[bucket]) < rank;) bucket++;
        return UpperEnd(bucket);
    }

    private static int BucketOf(ulong micros)
    {
        var exponent = BitOperations.Log2(micros | 1);
        if (exponent < SmallestExponent) return 0;
        var step = (int)(micros >> (exponent - 3)) & (Steps - 1);
        return Math.Min((exponent - SmallestExponent) * Steps + step, Exponents * Steps - 1);
    }

    private static TimeSpan UpperEnd(int bucket) =>
        TimeSpan.FromMicroseconds(Math.ScaleB(Steps + bucket % Steps + 1, bucket / Steps + SmallestExponent - 3));
}
