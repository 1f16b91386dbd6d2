using System.Numerics;
using System.Runtime.Intrinsics;

namespace Hanzo.Edge.Location;

/// <summary>
/// The IPv6 half of a table. Databases cut almost everything at /64 or above, so ranges are sorted by the upper 64 bits of
/// their first address; the few networks that are cut below have a list of their own. IPv6 space is filled so unevenly
/// (a quarter million ranges can share 24 bits) that an index as in <see cref="IPv4Ranges"/> does not help: the search goes
/// down a tree of eight-number nodes instead, one cache line and one vector comparison a level. At its end are
/// <see cref="IPv6Leaves"/>, which keep neighbours by their distance.
/// </summary>
internal sealed class IPv6Ranges
{
    /// <summary>The place id that stands for "cut below /64: see the list".</summary>
    public const int Deep = (1 << 24) - 1;

    // Numbers in a node.
    private const int NodeSize = 8;

    private readonly long[][] levels;
    private readonly IPv6Leaves leaves;
    private readonly UInt128[] deepStarts;
    private readonly int[] deepPlaces;

    /// <summary>Arranges ranges.</summary>
    /// <param name="leaves">The ranges.</param>
    /// <param name="deep">Ranges inside the networks that are cut below /64, ascending; the first one of a network starts with it.</param>
    public IPv6Ranges(IPv6Leaves leaves, IReadOnlyList<(UInt128 Start, int Place)> deep)
    {
        this.leaves = leaves;
        levels = Tree(Padded([.. leaves.Bases.Select(Ordered)]));
        deepStarts = [.. deep.Select(cut => cut.Start)];
        deepPlaces = [.. deep.Select(cut => cut.Place)];
    }

    /// <summary>How many ranges there are; one inside a /64 counts with it.</summary>
    public int Count => leaves.Count;

    /// <summary>Bytes of the arrays.</summary>
    public long SizeInBytes
        => levels.Sum(level => sizeof(long) * (long)level.Length) + leaves.SizeInBytes + 20L * deepStarts.Length;

    /// <summary>Every range in order: its first address and its place.</summary>
    public IEnumerable<(UInt128 First, int Place)> Runs
    {
        get
        {
            var cut = 0;
            foreach (var (first, next, place) in leaves.All)
            {
                if (place != Deep) yield return (new(first, 0), place);
                else
                    for (var end = next is { } follows ? new UInt128(follows, 0) : UInt128.MaxValue; cut < deepStarts.Length && deepStarts[cut] < end; cut++)
                        yield return (deepStarts[cut], deepPlaces[cut]);
            }
        }
    }

    /// <summary>The first address of a range near the <paramref name="range"/>th.</summary>
    public UInt128 StartNear(int range) => new(leaves.StartNear(range), 0);

    /// <summary>The place of an address.</summary>
    public int PlaceOf(UInt128 address)
    {
        var network = (ulong)(address >> 64);
        var place = leaves.PlaceOf(leaves.Find(LeafOf(network), network));
        return place == Deep ? deepPlaces[DeepRangeOf(address)] : place;
    }

    /// <summary>The place of an address, and how far it reaches.</summary>
    public PlaceMatch Find(UInt128 address)
    {
        var network = (ulong)(address >> 64);
        var leaf = LeafOf(network);
        var range = leaves.Find(leaf, network);
        var place = leaves.PlaceOf(range);
        if (place == Deep)
        {
            return FindDeep(address);
        }

        var first = leaves.Start(leaf, range);
        var length = first == 0 ? 0 : SharedBits(network, first - 1) + 1;
        if (leaves.StartAfter(leaf, range) is { } next)
        {
            length = Math.Max(length, SharedBits(network, next) + 1);
        }

        return new(place, length);
    }

    private int LeafOf(ulong network)
    {
        // The highest number also pads the nodes, and what it seeks is in the last leaf anyway.
        if (network == ulong.MaxValue)
        {
            return leaves.Bases.Count - 1;
        }

        var sought = Vector512.Create(Ordered(network));
        var node = 0;
        foreach (var level in levels)
        {
            node *= NodeSize;
            var notAbove = Vector512.LessThanOrEqual(Vector512.Create<long>(level.AsSpan(node, NodeSize)), sought);
            node += BitOperations.PopCount(notAbove.ExtractMostSignificantBits()) - 1;
        }

        return node;
    }

    private int DeepRangeOf(UInt128 address)
    {
        var found = Array.BinarySearch(deepStarts, address);
        return found < 0 ? ~found - 1 : found;
    }

    private PlaceMatch FindDeep(UInt128 address)
    {
        var cut = DeepRangeOf(address);
        var length = deepStarts[cut] == 0 ? 0 : SharedBits(address, deepStarts[cut] - 1) + 1;
        if (cut + 1 < deepStarts.Length)
        {
            length = Math.Max(length, SharedBits(address, deepStarts[cut + 1]) + 1);
        }

        return new(deepPlaces[cut], length);
    }

    /// <summary>Every eighth number of a level is the level above it, up to a level of one node.</summary>
    private static long[][] Tree(long[] lowest)
    {
        var levels = new List<long[]> { lowest };
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

    /// <summary>Vectors compare signed numbers fastest: shifted by half their range, unsigned ones keep their order.</summary>
    private static long Ordered(ulong number) => (long)(number ^ 1UL << 63);

    private static int SharedBits(ulong one, ulong other) => BitOperations.LeadingZeroCount(one ^ other);

    private static int SharedBits(UInt128 one, UInt128 other) => (int)UInt128.LeadingZeroCount(one ^ other);
}
