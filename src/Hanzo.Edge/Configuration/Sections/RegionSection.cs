using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>The regions.</summary>
internal static class RegionSection
{
    private static readonly Section EndpointKeys = new();
    private static readonly Key<Uri> Address = EndpointKeys.Required("address", NetworkScalars.EndpointAddress, "Scheme, host and port that requests are sent to.");
    private static readonly Key<string?> EndpointName = EndpointKeys.Optional("name", Scalars.Text("a name"), "What metrics and receipts call it, unique in the file; host and port where it is not given.");
    private static readonly Key<int> EndpointWeight = EndpointKeys.Optional("weight", Scalars.Integer(1, 1000), 100, "Its share of the region's requests beside its neighbours.");

    private static readonly Section CapacityKeys = new();
    private static readonly Key<int?> InFlight = CapacityKeys.OptionalValue("inFlight", Scalars.Integer(1, 1_000_000), "Requests under way at most, from this edge; more go to the next region.");
    private static readonly Key<int?> PerSecond = CapacityKeys.OptionalValue("perSecond", Scalars.Integer(1, 10_000_000), "Requests started per second at most, from this edge; more go to the next region.");

    private static readonly Section Keys = new();
    private static readonly Key<GeoPoint> Location = Keys.Required("location", LocationShape.Point, "Where the region stands; clients go to the nearest one.");

    private static readonly Key<ImmutableArray<Located<RegionEndpoint>>> Endpoints = Keys.Required(
        "endpoints",
        new ListShape<RegionEndpoint>(
            new EitherShape<RegionEndpoint>(
                NetworkScalars.EndpointAddress.As(address => Endpoint(address)),
                EndpointKeys.Builds(values => Endpoint(values.Get(Address), values.Get(EndpointName), values.Get(EndpointWeight)))),
            atLeast: 1),
        "Where the region's requests go.");

    private static readonly Key<int> Weight = Keys.Optional("weight", Scalars.Integer(0, 1000), 100, "Its share among regions inside one tie band; 0 takes requests only when nothing else in the band can.");
    private static readonly Key<RegionCapacity?> Capacity = Keys.Optional("capacity", CapacityKeys.Builds(values => new RegionCapacity(values.Get(InFlight), values.Get(PerSecond))), "What it can carry; without it there is no bound.");
    private static readonly Key<bool> Drained = Keys.Optional("drained", Scalars.Boolean, false, "Takes no new requests.");

    /// <summary>One region, still without its name.</summary>
    public static Shape<(Region Region, ImmutableArray<Located<RegionEndpoint>> Endpoints)> Shape { get; } = Keys.Builds(values => (
        new Region
        {
            Name = "",
            Location = values.Get(Location),
            Endpoints = [.. values.Get(Endpoints).Select(endpoint => endpoint.Value)],
            Weight = values.Get(Weight),
            Capacity = values.Get(Capacity),
            Drained = values.Get(Drained),
        },
        values.Get(Endpoints)));

    private static RegionEndpoint Endpoint(Uri address, string? name = null, int weight = 100) => new(name ?? address.Authority, address, weight);
}
