using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>
/// Finds the most specific configured network of an address. Prefixes nest or are apart, never overlap in part, so they
/// flatten into ranges that each have one owner; finding is a binary search over the ranges' first addresses.
/// An IPv4 client is matched by IPv4 networks (and by IPv6 ones written inside ::ffff:0:0/96) only: a rule for ::/0
/// speaks of IPv6 clients, although the mapped form of an IPv4 address lies inside that network.
/// </summary>
public sealed class NetworkTable
{
    private const int None = -1;

    private readonly UInt128[] starts;
    private readonly int[] owners;
    private readonly int[] wider;

    /// <summary>Prepares the lookup of <paramref name="rules"/>. Of two rules for the same network the first is the more specific.</summary>
    public NetworkTable(ImmutableArray<NetworkRule> rules)
    {
        wider = new int[rules.Length];
        var ranges = new List<(UInt128 Start, int Owner)> { (UInt128.MinValue, None) };
        var open = new Stack<Prefix>();
        foreach (var prefix in rules.Select(Prefix.Of).Append(Prefix.MappedIPv4).Order())
        {
            CloseThoseBefore(prefix.First);
            if (prefix.Owner != None) wider[prefix.Owner] = open.TryPeek(out var around) ? around.Owner : None;
            open.Push(prefix);
            Begin(prefix.First, prefix.Owner);
        }
        CloseThoseBefore(UInt128.MaxValue);
        starts = [.. ranges.Select(range => range.Start)];
        owners = [.. ranges.Select(range => range.Owner)];

        void CloseThoseBefore(UInt128 address)
        {
            while (open.TryPeek(out var innermost) && innermost.Last < address)
            {
                open.Pop();
                Begin(innermost.Last + 1, open.TryPeek(out var around) ? around.Owner : None);
            }
        }

        void Begin(UInt128 start, int owner)
        {
            if (ranges[^1].Start == start) ranges.RemoveAt(ranges.Count - 1);
            ranges.Add((start, owner));
        }
    }

    /// <summary>The index in the rules of the longest prefix that holds <paramref name="client"/>, or -1. Allocates nothing.</summary>
    public int Find(ClientKey client)
    {
        var low = 0;
        var high = starts.Length;
        while (high - low > 1)
        {
            var middle = (low + high) >>> 1;
            if (starts[middle] <= client.Value) low = middle;
            else high = middle;
        }
        return owners[low];
    }

    /// <summary>The index of the next wider rule whose network holds all of the network of <paramref name="rule"/>, or -1.</summary>
    internal int Wider(int rule) => wider[rule];

    private readonly record struct Prefix(UInt128 First, int Length, int Owner) : IComparable<Prefix>
    {
        private const int MappedBits = 96;

        // Owned by no rule: inside it nothing that is wider holds.
        public static Prefix MappedIPv4 { get; } = new(ClientKey.Of(0).Value, MappedBits, None);

        // Shifting by 128 shifts by 0, so the prefix of all bits stands apart.
        public UInt128 Last => Length == 128 ? First : First | (UInt128.MaxValue >> Length);

        public static Prefix Of(NetworkRule rule, int index)
        {
            var isIPv4 = rule.Network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
            return new(ClientKey.Of(rule.Network.BaseAddress).Value, rule.Network.PrefixLength + (isIPv4 ? MappedBits : 0), index);
        }

        // Wider before narrower; of equal ones the first rule last, so that it is the innermost, and nobody's before any rule's.
        public int CompareTo(Prefix other) => (First, Length, -(uint)Owner).CompareTo((other.First, other.Length, -(uint)other.Owner));
    }
}
