using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Location;

/// <summary>A GeoIP database compiled to network → place id. Immutable.</summary>
internal sealed class PlaceTable
{
    /// <summary>The places by id; <see cref="Place.Unknown"/> is <see cref="Place.Nowhere"/>.</summary>
    public ImmutableArray<Place> Places { get; init; } = [Place.Nowhere];

    /// <summary>The place id of an address and the length of the widest prefix around it that has the same place. Allocates nothing.</summary>
    public PlaceMatch Find(ClientKey client) => throw new NotImplementedException(client.ToString());
}

/// <summary>Where an address is.</summary>
/// <param name="Place">The place id, <see cref="Place.Unknown"/> where the database has none.</param>
/// <param name="PrefixLength">Bits of the matched network, 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
internal readonly record struct PlaceMatch(int Place, int PrefixLength);
