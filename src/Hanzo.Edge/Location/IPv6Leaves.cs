using System.Numerics;
using System.Runtime.Intrinsics;

namespace Hanzo.Edge.Location;

/// <summary>
/// Ranges of IPv6 networks in leaves of up to sixteen neighbours: one cache line and one vector comparison each. A leaf knows
/// its first network whole, and of the others how far behind it they are, in 32 bits, without the zeros that all distances end
/// in: neighbours are near each other or cut coarsely. Where that is not enough for the next one, a new leaf begins with it.
/// </summary>
internal sealed class IPv6Leaves
{
    /// <summary>Ranges in a leaf at most.</summary>
    public const int Size = 16;

    // Stands behind the last range of a leaf that is not full.
    private const uint None = uint.MaxValue;

    private readonly ulong[] bases;
    private readonly byte[] shifts;
    private readonly uint[] distances;
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

        Count = networks.Count;
        bases = [.. firsts.Select(first => networks[first])];
        shifts = [.. fitting];
        distances = new uint[firsts.Count * Size];
        this.places = new PlaceList(distances.Length, placeCount);
        Array.Fill(distances, None);
        for (var leaf = 0; leaf < firsts.Count; leaf++)
        {
            var end = leaf + 1 < firsts.Count ? firsts[leaf + 1] : networks.Count;
            for (var range = firsts[leaf]; range < end; range++)
            {
                var at = leaf * Size + range - firsts[leaf];
                distances[at] = (uint)((networks[range] - bases[leaf]) >> shifts[leaf]);
                this.places[at] = places[range];
            }
        }
    }

    /// <summary>How many ranges there are.</summary>
    public int Count { get; }

    /// <summary>The first network of each leaf.</summary>
    public IReadOnlyList<ulong> Bases => bases;

    /// <summary>Bytes of the arrays.</summary>
    public long SizeInBytes => (sizeof(ulong) + sizeof(byte)) * (long)bases.Length + sizeof(uint) * (long)distances.Length + places.SizeInBytes;

    /// <summary>Every range in order: its first network, the one after it or null, and its place.</summary>
    public IEnumerable<(ulong First, ulong? Next, int Place)> All =>
        Enumerable.Range(0, distances.Length).Where(at => distances[at] != None).Select(at => (Start(at), StartAfter(at), places[at]));

    /// <summary>Where the range of <paramref name="network"/> is kept, which begins in <paramref name="leaf"/>.</summary>
    public int Find(int leaf, ulong network)
    {
        // What is farther away than any range can be is behind all of them.
        var distance = (uint)Math.Min((network - bases[leaf]) >> shifts[leaf], None - 1);
        var notAbove = Vector512.LessThanOrEqual(Vector512.Create<uint>(distances.AsSpan(leaf * Size, Size)), Vector512.Create(distance));
        return leaf * Size + BitOperations.PopCount(notAbove.ExtractMostSignificantBits()) - 1;
    }

    /// <summary>The place of the range kept at <paramref name="at"/>.</summary>
    public int PlaceAt(int at) => places[at];

    /// <summary>The first network of the range kept at <paramref name="at"/>.</summary>
    public ulong Start(int at) => bases[at / Size] + ((ulong)distances[at] << shifts[at / Size]);

    /// <summary>The first network of the range after the one kept at <paramref name="at"/>, or null behind the last one.</summary>
    public ulong? StartAfter(int at) =>
        (at + 1) % Size != 0 && distances[at + 1] != None ? Start(at + 1)
        : at / Size + 1 < bases.Length ? bases[at / Size + 1]
        : null;

    /// <summary>The first network of a leaf near the <paramref name="range"/>th range.</summary>
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
            if (distance >> zeros >= None) return range - first;
            all |= distance;
            shift = (byte)zeros;
        }

        return Math.Min(Size, networks.Count - first);
    }
}
