using System.Numerics;
using System.Runtime.Intrinsics;

namespace Hanzo.Edge.Location;

/// <summary>
/// The IPv6 half of a table. Databases cut almost everything at /64 or above, so ranges are sorted by the upper 64 bits of
/// their first address; the few networks that are cut below have a list of their own. IPv6 space is filled so unevenly
/// (a quarter million ranges can share 24 bits) that an index as in <see cref="IPv4Ranges"/> does not help: the search goes
/// down a tree of eight-number nodes instead, one cache line and one vector comparison a level.
/// </summary>
internal sealed class IPv6Ranges
{
    /// <summary>Numbers in a node.</summary>
    public const int NodeSize = 8;

    /// <summary>The place id that stands for "cut below /64: see the list".</summary>
    public const int Deep = (1 << 24) - 1;

    private readonly long[][] levels;
    private readonly PlaceList places;
    private readonly UInt128[] deepStarts;
    private readonly int[] deepPlaces;

    /// <summary>Arranges ranges.</summary>
    /// <param name="networks">The upper 64 bits of their first addresses in vector order (see <see cref="Ordered(ulong)"/>), ascending, the first one 0, padded to whole nodes.</param>
    /// <param name="places">The place id of each, or <see cref="Deep"/>.</param>
    /// <param name="deep">Ranges inside the networks that are cut below /64, ascending; the first one of a network starts with it.</param>
    public IPv6Ranges(long[] networks, PlaceList places, IReadOnlyList<(UInt128 Start, int Place)> deep)
    {
        this.places = places;
        levels = Tree(networks);
        deepStarts = [.. deep.Select(cut => cut.Start)];
        deepPlaces = [.. deep.Select(cut => cut.Place)];
    }

    /// <summary>How many ranges there are; one inside a /64 counts with it.</summary>
    public int Count => places.Count;

    /// <summary>Bytes of the arrays.</summary>
    public long SizeInBytes
        => levels.Sum(level => sizeof(long) * (long)level.Length) + places.SizeInBytes + 20L * deepStarts.Length;

    /// <summary>Every range in order: its first address and its place.</summary>
    public IEnumerable<(UInt128 First, int Place)> Runs
    {
        get
        {
            var cut = 0;
            for (var range = 0; range < places.Count; range++)
            {
                if (places[range] != Deep) yield return (Start(range), places[range]);
                else
                    for (var next = range + 1 < places.Count ? Start(range + 1) : UInt128.MaxValue; cut < deepStarts.Length && deepStarts[cut] < next; cut++)
                        yield return (deepStarts[cut], deepPlaces[cut]);
            }
        }
    }

    /// <summary>The first address of a range.</summary>
    public UInt128 Start(int range) => new(Ordered(levels[^1][range]), 0);

    /// <summary>The place of an address.</summary>
    public PlaceMatch Find(UInt128 address)
    {
        var network = (ulong)(address >> 64);
        var range = RangeOf(Ordered(network));
        var place = places[range];
        if (place == Deep)
        {
            return FindDeep(address);
        }

        var leaves = levels[^1];
        var length = range == 0 ? 0 : SharedBits(network, Ordered(leaves[range]) - 1) + 1;
        if (range + 1 < places.Count)
        {
            length = Math.Max(length, SharedBits(network, Ordered(leaves[range + 1])) + 1);
        }

        return new(place, length);
    }

    private int RangeOf(long network)
    {
        // The highest number also pads the nodes, and what it seeks is the last range anyway.
        if (network == long.MaxValue)
        {
            return places.Count - 1;
        }

        var sought = Vector512.Create(network);
        var node = 0;
        foreach (var level in levels)
        {
            node *= NodeSize;
            var notAbove = Vector512.LessThanOrEqual(Vector512.Create<long>(level.AsSpan(node, NodeSize)), sought);
            node += BitOperations.PopCount(notAbove.ExtractMostSignificantBits()) - 1;
        }

        return node;
    }

    private PlaceMatch FindDeep(UInt128 address)
    {
        var found = Array.BinarySearch(deepStarts, address);
        var cut = found < 0 ? ~found - 1 : found;
        var length = deepStarts[cut] == 0 ? 0 : SharedBits(address, deepStarts[cut] - 1) + 1;
        if (cut + 1 < deepStarts.Length)
        {
            length = Math.Max(length, SharedBits(address, deepStarts[cut + 1]) + 1);
        }

        return new(deepPlaces[cut], length);
    }

    /// <summary>Every eighth number of a level is the level above it, up to a level of one node.</summary>
    private static long[][] Tree(long[] leaves)
    {
        var levels = new List<long[]> { leaves };
        while (levels[0].Length > NodeSize)
        {
            var below = levels[0];
            levels.Insert(0, Padded([.. Enumerable.Range(0, below.Length / NodeSize).Select(node => below[node * NodeSize])]));
        }

        return [.. levels];
    }

    private static long[] Padded(long[] numbers)
    {
        var padded = new long[(numbers.Length + NodeSize - 1) / NodeSize * NodeSize];
        padded.AsSpan(numbers.Length).Fill(long.MaxValue);
        numbers.CopyTo(padded, 0);
        return padded;
    }

    /// <summary>Vectors compare signed numbers fastest: shifted by half their range, unsigned ones keep their order. Its own inverse.</summary>
    public static long Ordered(ulong number) => (long)(number ^ 1UL << 63);

    private static ulong Ordered(long number) => (ulong)number ^ 1UL << 63;

    private static int SharedBits(ulong one, ulong other) => BitOperations.LeadingZeroCount(one ^ other);

    private static int SharedBits(UInt128 one, UInt128 other) => (int)UInt128.LeadingZeroCount(one ^ other);
}
