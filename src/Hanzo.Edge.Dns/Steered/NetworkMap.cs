using System.Numerics;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>
/// Addresses of one family → a small number, with the widest prefix around the address that has the same number. Sorted prefixes
/// that cover the space, and an index of where each leading 16 bits start: a look-up is a step and a short binary search.
/// </summary>
/// <typeparam name="TAddress">uint for IPv4, UInt128 for IPv6.</typeparam>
internal sealed class NetworkMap<TAddress>
    where TAddress : unmanaged, IBinaryInteger<TAddress>, IUnsignedNumber<TAddress>, IMinMaxValue<TAddress>
{
    private const int IndexBits = 16;
    private static readonly int Bits = int.CreateChecked(TAddress.PopCount(TAddress.MaxValue));

    private readonly TAddress[] firsts;
    private readonly Entry[] entries;
    private readonly int[] index = new int[(1 << IndexBits) + 1];

    /// <summary>Cuts runs of equal numbers into prefixes, each as wide as the run allows.</summary>
    /// <param name="runs">Where each run starts, in order, the first at zero. Neighbours with one number stay two: no prefix reaches from one into the other.</param>
    public NetworkMap(ReadOnlySpan<(TAddress First, int Number)> runs)
    {
        // Counted first: lists that grow would leave several times their size behind in a process that serves on less.
        var count = 0;
        for (var run = 0; run < runs.Length; run++) count += Cut(runs, run, default, default);
        firsts = new TAddress[count];
        entries = new Entry[count];
        count = 0;
        for (var run = 0; run < runs.Length; run++) count += Cut(runs, run, firsts.AsSpan(count), entries.AsSpan(count));
        var at = 0;
        for (var top = 0; top < 1 << IndexBits; top++)
        {
            var address = TAddress.CreateTruncating(top) << (Bits - IndexBits);
            while (at + 1 < firsts.Length && firsts[at + 1] <= address) at++;
            index[top] = at;
        }

        index[^1] = firsts.Length - 1;
    }

    /// <summary>Prefixes in the map.</summary>
    public int Count => firsts.Length;

    /// <summary>The number of <paramref name="address"/> and the bits of its prefix.</summary>
    public Entry Find(TAddress address)
    {
        var top = int.CreateTruncating(address >>> (Bits - IndexBits)) & 0xFFFF;
        var low = index[top];
        var high = index[top + 1];
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (firsts[middle] <= address) low = middle;
            else high = middle - 1;
        }

        return entries[low];
    }

    // How many blocks a run takes; they are written where there is room.
    private static int Cut(ReadOnlySpan<(TAddress First, int Number)> runs, int run, Span<TAddress> starts, Span<Entry> entries)
    {
        var (first, number) = runs[run];
        var last = run + 1 < runs.Length ? runs[run + 1].First - TAddress.One : TAddress.MaxValue;
        for (var count = 0; ; count++)
        {
            // The widest block that starts here is bounded by the alignment of its start and by where the run ends.
            var host = first == TAddress.Zero ? Bits : int.CreateTruncating(TAddress.TrailingZeroCount(first));
            while (host > 0 && Last(first, host) > last) host--;
            if (!starts.IsEmpty) (starts[count], entries[count]) = (first, new(number, Bits - host));
            var end = Last(first, host);
            if (end == last) return count + 1;
            first = end + TAddress.One;
        }
    }

    private static TAddress Last(TAddress first, int host) =>
        host == Bits ? TAddress.MaxValue : first | ((TAddress.One << host) - TAddress.One);

    /// <summary>What is found.</summary>
    /// <param name="Number">The number.</param>
    /// <param name="PrefixLength">Bits of the prefix.</param>
    public readonly record struct Entry(int Number, int PrefixLength);
}
