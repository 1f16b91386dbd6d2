using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>
/// Every network of the address space with its place, in order: the location table unrolled. Steered answers are prepared over
/// whole networks from it, because only who sees all networks can say how far an answer reaches. Immutable; made once for each
/// version of the table.
/// </summary>
public sealed class PlacedNetworks
{
    private static readonly UInt128 MappedFirst = ClientKey.Of(0).Value;
    private static readonly UInt128 MappedLast = ClientKey.Of(uint.MaxValue).Value;

    private PlacedNetworks(PlacedRun[] ipv4, PlacedRun[] ipv6) => (IPv4, IPv6) = (ipv4, ipv6);

    /// <summary>One place for everybody.</summary>
    public static PlacedNetworks Nowhere { get; } = Unroll(_ => new(Place.Unknown, 0));

    /// <summary>Runs of IPv4 addresses at one place, in order; together they cover the whole space.</summary>
    internal PlacedRun[] IPv4 { get; }

    /// <summary>The same for IPv6.</summary>
    internal PlacedRun[] IPv6 { get; }

    /// <summary>Asks <paramref name="lookup"/> for network after network. Costs a lookup for each network of the table.</summary>
    public static PlacedNetworks Unroll(PlaceLookup lookup) => new(
        Walk(lookup, MappedFirst, MappedLast, 96),
        Walk(lookup, UInt128.Zero, UInt128.MaxValue, 0));

    private static PlacedRun[] Walk(PlaceLookup lookup, UInt128 first, UInt128 last, int familyBits)
    {
        var runs = new List<PlacedRun>();
        for (var at = first; ;)
        {
            // IPv4 has its own runs: inside IPv6 the mapped block is one gap nobody asks about.
            var isMappedGap = familyBits == 0 && at >= MappedFirst && at <= MappedLast;
            var match = isMappedGap ? new(Place.Unknown, 96) : lookup(new(at));
            var hostBits = 128 - familyBits - match.PrefixLength;
            var end = hostBits >= 128 ? UInt128.MaxValue : at | ((UInt128.One << hostBits) - 1);
            if (familyBits == 0 && at < MappedFirst && end >= MappedFirst) end = MappedFirst - 1;
            if (end > last) end = last;
            if (runs.Count == 0 || runs[^1].Place != match.Place) runs.Add(new(at, match.Place));
            if (end == last) return [.. runs];
            at = end + 1;
        }
    }
}

/// <summary>Addresses from <paramref name="First"/> up to the next run, all at one place.</summary>
internal readonly record struct PlacedRun(UInt128 First, int Place);
