namespace Hanzo.Edge.Dns.Steered;

/// <summary>
/// Every network of the address space with its place, in order. Steered answers are prepared over whole networks from it,
/// because only who sees all networks can say how far an answer reaches. It is read from the location table as it goes: a
/// copy would be a hundred megabytes.
/// </summary>
/// <param name="IPv4">Where each run of IPv4 addresses at one place begins, in the mapped form of <see cref="Steering.ClientKey"/>, ascending, the first one at ::ffff:0.0.0.0.</param>
/// <param name="IPv6">The same for IPv6, the first one at ::; what it says of mapped addresses is not read.</param>
public sealed record PlacedNetworks(IEnumerable<(UInt128 First, int Place)> IPv4, IEnumerable<(UInt128 First, int Place)> IPv6)
{
    /// <summary>One place for everybody.</summary>
    public static PlacedNetworks Nowhere { get; } = new([(Steering.ClientKey.Of(0).Value, Steering.Place.Unknown)], [(UInt128.Zero, Steering.Place.Unknown)]);
}
