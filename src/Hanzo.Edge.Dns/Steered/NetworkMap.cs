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
        var starts = new List<TAddress>(runs.Length);
        var numbers = new List<Entry>(runs.Length);
        for (var i = 0; i < runs.Length; i++)
        {
            var last = i + 1 < runs.Length ? runs[i + 1].First - TAddress.One : TAddress.MaxValue;
            Cut(runs[i].First, last, runs[i].Number, starts, numbers);
        }

        firsts = [.. starts];
        entries = [.. numbers];
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

    private static void Cut(TAddress first, TAddress last, int number, List<TAddress> starts, List<Entry> entries)
    {
        while (true)
        {
            // The widest block that starts here is bounded by the alignment of its start and by where the run ends.
            var host = first == TAddress.Zero ? Bits : int.CreateTruncating(TAddress.TrailingZeroCount(first));
            while (host > 0 && Last(first, host) > last) host--;
            starts.Add(first);
            entries.Add(new(number, Bits - host));
            var end = Last(first, host);
            if (end == last) return;
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
