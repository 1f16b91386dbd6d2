using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>Finds the place of an address. Called for every network of the address space in turn, in the background, when the location table changes; never for a query.</summary>
/// <param name="client">The address.</param>
public delegate PlacedNetwork PlaceLookup(ClientKey client);

/// <summary>A network and its place.</summary>
/// <param name="Place">The place id, <see cref="Steering.Place.Unknown"/> where the table has none.</param>
/// <param name="PrefixLength">Bits of the network around the address that is all at this place: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
public readonly record struct PlacedNetwork(int Place, int PrefixLength);
