using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Location;

/// <summary>A GeoIP database compiled to network → place id. Immutable.</summary>
internal sealed class PlaceTable
{
    private readonly IPv4Ranges ipv4;
    private readonly IPv6Ranges ipv6;

    /// <summary>A table that knows no address.</summary>
    public PlaceTable()
        : this([Place.Nowhere], new IPv4Ranges([0], placeCount: 1), Nothing())
    {
    }

    /// <summary>A table of compiled ranges.</summary>
    public PlaceTable(ImmutableArray<Place> places, IPv4Ranges ipv4, IPv6Ranges ipv6)
        => (Places, this.ipv4, this.ipv6) = (places, ipv4, ipv6);

    /// <summary>The places by id; <see cref="Place.Unknown"/> is <see cref="Place.Nowhere"/>.</summary>
    public ImmutableArray<Place> Places { get; }

    /// <summary>Bytes of the lookup arrays; the places come on top and are few.</summary>
    public long SizeInBytes => ipv4.SizeInBytes + ipv6.SizeInBytes;

    /// <summary>Ranges of neighbouring addresses of the same place, IPv4 and IPv6 together.</summary>
    public int RangeCount => ipv4.Count + ipv6.Count;

    /// <summary>Where each run of IPv4 addresses at one place begins, as a <see cref="ClientKey"/>, ascending; together the runs cover all addresses.</summary>
    public IEnumerable<(UInt128 First, int Place)> IPv4Runs => ipv4.Runs;

    /// <summary>The same for IPv6.</summary>
    public IEnumerable<(UInt128 First, int Place)> IPv6Runs => ipv6.Runs;

    /// <summary>About <paramref name="count"/> addresses spread evenly over the ranges that have a place.</summary>
    public IEnumerable<ClientKey> RangeStarts(int count)
    {
        var step = Math.Max(1, RangeCount / count);
        return Enumerable.Range(0, (RangeCount + step - 1) / step)
            .Select(sample => sample * step)
            .Select(range => range < ipv4.Count ? ClientKey.Of(ipv4.Start(range)) : new ClientKey(ipv6.StartNear(range - ipv4.Count)))
            .Where(start => PlaceOf(start) != Place.Unknown);
    }

    /// <summary>The place id of an address. Allocates nothing.</summary>
    public int PlaceOf(ClientKey client) => client.IsIPv4 ? ipv4.PlaceOf(client.IPv4) : ipv6.PlaceOf(client.Value);

    /// <summary>
    /// The place id of an address and the length of the widest prefix around it that has the same place. Allocates nothing.
    /// The address is an unwrapped one (see <see cref="EmbeddedIPv4"/>): 6to4, Teredo and NAT64 addresses themselves are unknown.
    /// </summary>
    public PlaceMatch Find(ClientKey client) => client.IsIPv4 ? ipv4.Find(client.IPv4) : ipv6.Find(client.Value);

    private static IPv6Ranges Nothing()
    {
        var builder = new IPv6RangesBuilder(ranges: 1, placeCount: 1);
        builder.Add(UInt128.Zero, Place.Unknown);
        return builder.Build();
    }
}

/// <summary>Where an address is.</summary>
/// <param name="Place">The place id, <see cref="Place.Unknown"/> where the database has none.</param>
/// <param name="PrefixLength">Bits of the matched network, 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
internal readonly record struct PlaceMatch(int Place, int PrefixLength);
