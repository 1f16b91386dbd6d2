using System.Numerics;
using System.Runtime.Intrinsics;

namespace Hanzo.Edge.Location;

/// <summary>
/// Ranges of IPv6 networks in leaves of up to 32 neighbours: one vector comparison each. A leaf knows its first network whole,
/// and of the others how far behind it they are, in 16 bits, without the zeros that all distances end in: neighbours are near
/// each other or cut coarsely. Where that is not enough for the next one, a new leaf begins with it.
/// </summary>
internal sealed class IPv6Leaves
{
    /// <summary>Ranges in a leaf at most.</summary>
    public const int Size = 32;

    private readonly ulong[] bases;
    private readonly byte[] shifts;
    private readonly int[] begins; // and behind the last leaf, where it ends
    private readonly ushort[] distances; // and room behind them, so that a vector can be read anywhere
    private readonly PlaceList places;

    /// <summary>Arranges ranges.</summary>
    /// <param name="networks">The upper 64 bits of their first addresses, ascending, the first one 0.</param>
    /// <param name="places">The place of each.</param>
    /// <param name="placeCount">How many places they speak of.</param>
    public IPv6Leaves(IReadOnlyList<ulong> networks, IReadOnlyList<int> places, int placeCount)
    {
        var firsts = new List<int>();
        var fitting = new List<byte>();
        for (var next = 0; next < networks.Count; next += Fitting(networks, next, out var shift), fitting.Add(shift))
        {
            firsts.Add(next);
        }

        bases = [.. firsts.Select(first => networks[first])];
        shifts = [.. fitting];
        begins = [.. firsts, networks.Count];
        distances = new ushort[networks.Count + Size];
        this.places = new PlaceList(networks.Count, placeCount);
        for (var leaf = 0; leaf < bases.Length; leaf++)
        {
            for (var range = begins[leaf]; range < begins[leaf + 1]; range++)
            {
                distances[range] = (ushort)((networks[range] - bases[leaf]) >> shifts[leaf]);
                this.places[range] = places[range];
            }
        }
    }

    /// <summary>How many ranges there are.</summary>
    public int Count => begins[^1];

    /// <summary>The first network of each leaf.</summary>
    public IReadOnlyList<ulong> Bases => bases;

    /// <summary>Bytes of the arrays.</summary>
    public long SizeInBytes =>
        (sizeof(ulong) + sizeof(byte) + sizeof(int)) * (long)bases.Length + sizeof(ushort) * (long)distances.Length + places.SizeInBytes;

    /// <summary>Every range in order: its first network, the one after it or null, and its place.</summary>
    public IEnumerable<(ulong First, ulong? Next, int Place)> All
    {
        get
        {
            for (var leaf = 0; leaf < bases.Length; leaf++)
                for (var range = begins[leaf]; range < begins[leaf + 1]; range++)
                    yield return (Start(leaf, range), StartAfter(leaf, range), places[range]);
        }
    }

    /// <summary>The range of <paramref name="network"/>, which begins in <paramref name="leaf"/>.</summary>
    public int Find(int leaf, ulong network)
    {
        var begin = begins[leaf];
        // What is farther away than any range can be is behind all of them.
        var distance = (ushort)Math.Min((network - bases[leaf]) >> shifts[leaf], ushort.MaxValue);
        var notAbove = Vector512.LessThanOrEqual(Vector512.Create<ushort>(distances.AsSpan(begin, Size)), Vector512.Create(distance));
        var ofLeaf = (1UL << (begins[leaf + 1] - begin)) - 1;
        return begin + BitOperations.PopCount(notAbove.ExtractMostSignificantBits() & ofLeaf) - 1;
    }

    /// <summary>The place of a range.</summary>
    public int PlaceOf(int range) => places[range];

    /// <summary>The first network of a range of <paramref name="leaf"/>.</summary>
    public ulong Start(int leaf, int range) => bases[leaf] + ((ulong)distances[range] << shifts[leaf]);

    /// <summary>The first network of the range after one of <paramref name="leaf"/>, or null behind the last one.</summary>
    public ulong? StartAfter(int leaf, int range) =>
        range + 1 < begins[leaf + 1] ? Start(leaf, range + 1)
        : leaf + 1 < bases.Length ? bases[leaf + 1]
        : null;

    /// <summary>The first network of a leaf near a range.</summary>
    public ulong StartNear(int range) => bases[(int)((long)range * bases.Length / Count)];

    // How many ranges from `first` on one leaf can hold, and the zeros that their distances end in.
    private static int Fitting(IReadOnlyList<ulong> networks, int first, out byte shift)
    {
        shift = 0;
        var all = 0UL;
        for (var range = first + 1; range < networks.Count && range < first + Size; range++)
        {
            var distance = networks[range] - networks[first];
            var zeros = BitOperations.TrailingZeroCount(all | distance);
            if (distance >> zeros > ushort.MaxValue) return range - first;
            all |= distance;
            shift = (byte)zeros;
        }

        return Math.Min(Size, networks.Count - first);
    }
}
