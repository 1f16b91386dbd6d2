using System.Numerics;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Location;

/// <summary>
/// The IPv4 half of a table. Ranges are sorted by their first address; the upper 18 bits of an address index straight to the
/// few ranges that begin among the addresses that share them, and a binary search ends among those. What the index says of a
/// first address is not kept again: two bytes are left of it, and a search over few bytes misses the cache seldom.
/// </summary>
internal sealed class IPv4Ranges
{
    // Measured on 1.4 million ranges: 16 bits are twice as slow, 20 bits one eighth faster for four times the memory.
    private const int IndexBits = 18;
    private const int LowBits = 32 - IndexBits;
    private const uint LowMask = (1 << LowBits) - 1;

    private readonly ushort[] lows;
    private readonly PlaceList places;
    private readonly int[] index;

    /// <summary>Indexes ranges.</summary>
    /// <param name="ranges">First address in the upper 32 bits, place id in the lower; ascending, the first one at address 0. A range ends before the next one.</param>
    /// <param name="placeCount">How many places they speak of.</param>
    public IPv4Ranges(ulong[] ranges, int placeCount)
    {
        lows = new ushort[ranges.Length];
        places = new PlaceList(ranges.Length, placeCount);
        index = new int[(1 << IndexBits) + 1];
        for (var range = 0; range < ranges.Length; range++)
        {
            lows[range] = (ushort)((uint)(ranges[range] >> 32) & LowMask);
            places[range] = (int)(uint)ranges[range];
        }

        for (var (bucket, range) = (0, 0); bucket < index.Length; bucket++)
        {
            while (range < ranges.Length && ranges[range] >> (64 - IndexBits) < (ulong)bucket)
            {
                range++;
            }

            index[bucket] = range;
        }
    }

    /// <summary>How many ranges there are.</summary>
    public int Count => lows.Length;

    /// <summary>Bytes of the arrays.</summary>
    public long SizeInBytes => sizeof(ushort) * (long)lows.Length + places.SizeInBytes + sizeof(int) * (long)index.Length;

    /// <summary>Every range in order: its first address as a <see cref="ClientKey"/>, and its place.</summary>
    public IEnumerable<(UInt128 First, int Place)> Runs
    {
        get
        {
            for (var bucket = 0; bucket < index.Length - 1; bucket++)
                for (var range = index[bucket]; range < index[bucket + 1]; range++)
                    yield return (ClientKey.Of(Start(bucket, range)).Value, places[range]);
        }
    }

    /// <summary>The first address of a range.</summary>
    public uint Start(int range)
    {
        // The last bucket that begins no later than the range.
        var (low, high) = (0, index.Length - 1);
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            (low, high) = index[middle] <= range ? (middle, high) : (low, middle);
        }

        return Start(low, range);
    }

    /// <summary>The place of an address.</summary>
    public int PlaceOf(uint address) => places[RangeOf(address)];

    /// <summary>The place of an address, and how far it reaches.</summary>
    public PlaceMatch Find(uint address)
    {
        var range = RangeOf(address);
        var first = Start(range);
        var length = first == 0 ? 0 : SharedBits(address, first - 1) + 1;
        if (range + 1 < lows.Length)
        {
            length = Math.Max(length, SharedBits(address, Start(range + 1)) + 1);
        }

        return new(places[range], length);
    }

    private uint Start(int bucket, int range) => ((uint)bucket << LowBits) | lows[range];

    private int RangeOf(uint address)
    {
        var bucket = address >> LowBits;
        var sought = address & LowMask;

        // The range that reaches into the bucket from before it, then those that begin inside. Written so that
        // the compiler selects instead of branching: the outcome of a comparison cannot be predicted.
        var range = index[bucket] - 1;
        for (var left = index[bucket + 1] - 1 - range; left > 0;)
        {
            var half = (left + 1) >> 1;
            range = lows[range + half] <= sought ? range + half : range;
            left -= half;
        }

        return range;
    }

    /// <summary>A prefix around one address leaves out another exactly when it is longer than the bits both share.</summary>
    private static int SharedBits(uint one, uint other) => BitOperations.LeadingZeroCount(one ^ other);
}
