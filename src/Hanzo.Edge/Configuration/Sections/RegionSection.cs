using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Discovery;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>A region as it was read.</summary>
/// <param name="Region">The region, still without its name, with the endpoints that the file names.</param>
/// <param name="Endpoints">Those endpoints with where they stand.</param>
/// <param name="Sources">The names that further ones are found by, still without the region's.</param>
internal sealed record RegionFile(Region Region, ImmutableArray<Located<RegionEndpoint>> Endpoints, ImmutableArray<Located<DnsSource>> Sources);

/// <summary>The regions.</summary>
internal static class RegionSection
{
    private static readonly Section EndpointKeys = new();
    private static readonly Key<Uri?> Address = EndpointKeys.Optional("address", NetworkScalars.EndpointAddress, "Scheme, host and port that requests are sent to.");
    private static readonly Key<string?> EndpointName = EndpointKeys.Optional("name", Scalars.Text("a name"), "What metrics and receipts call it, unique in the file; host and port where it is not given.");
    private static readonly Key<string?> DnsName = EndpointKeys.Optional("dns", Scalars.Text("a name, such as api.eu.example.com", (scalar, _) => Uri.CheckHostName(scalar.Text.Replace('_', 'x')) == UriHostNameType.Dns ? scalar.Text : ("is not a name in DNS", "letters, digits, hyphens and dots")), "Instead of an address: a name that endpoints are found by. They follow its records and their TTLs.");
    private static readonly Key<DnsSourceType> DnsType = EndpointKeys.Optional("type", Scalars.Choice(("A", DnsSourceType.A), ("AAAA", DnsSourceType.Aaaa), ("SRV", DnsSourceType.Srv)), DnsSourceType.A, "The records to look up; SRV says port, priority and weight itself.");
    private static readonly Key<int?> DnsPort = EndpointKeys.OptionalValue("port", Scalars.Integer(1, 65535), "Where the addresses found listen; 80 or 443 by the scheme where it is not given.");
    private static readonly Key<string> DnsScheme = EndpointKeys.Optional("scheme", Scalars.Choice(("http", "http"), ("https", "https")), "http", "What is spoken to the addresses found.");
    private static readonly Key<int> EndpointWeight = EndpointKeys.Optional("weight", Scalars.Integer(1, 1000), 100, "Its share of the region's requests beside its neighbours; of a name, that of each address found.");

    private static readonly Section CapacityKeys = new();
    private static readonly Key<int?> InFlight = CapacityKeys.OptionalValue("inFlight", Scalars.Integer(1, 1_000_000), "Requests under way at most, from this edge; more go to the next region.");
    private static readonly Key<int?> PerSecond = CapacityKeys.OptionalValue("perSecond", Scalars.Integer(1, 10_000_000), "Requests started per second at most, from this edge; more go to the next region.");

    private static readonly Key<bool> Isolate = CapacityKeys.Optional("isolate", Scalars.Boolean, false, "Whether more is refused with 503, and not sent to the next region.");

    private static readonly Section Keys = new();
    private static readonly Key<GeoPoint> Location = Keys.Required("location", LocationShape.Point, "Where the region stands; clients go to the nearest one.");

    private static readonly Key<ImmutableArray<Located<EndpointFile>>> Endpoints = Keys.Required(
        "endpoints",
        new ListShape<EndpointFile>(
            new EitherShape<EndpointFile>(
                NetworkScalars.EndpointAddress.As(address => new EndpointFile(Endpoint(address), null)),
                EndpointKeys.Builds(BuildEndpoint)),
            atLeast: 1),
        "Where the region's requests go.");

    private static readonly Key<int> Weight = Keys.Optional("weight", Scalars.Integer(0, 1000), 100, "Its share among regions inside one tie band; 0 takes requests only when nothing else in the band can.");
    private static readonly Key<RegionCapacity?> Capacity = Keys.Optional("capacity", CapacityKeys.Builds(values => new RegionCapacity(values.Get(InFlight), values.Get(PerSecond), values.Get(Isolate))), "What it can carry; without it there is no bound.");
    private static readonly Key<bool> Drained = Keys.Optional("drained", Scalars.Boolean, false, "Takes no new requests.");

    /// <summary>One region, still without its name.</summary>
    public static Shape<RegionFile> Shape { get; } = Keys.Builds(values => new RegionFile(
        new Region
        {
            Name = "",
            Location = values.Get(Location),
            Endpoints = [.. values.Get(Endpoints).Select(endpoint => endpoint.Value.Fixed).OfType<RegionEndpoint>()],
            Weight = values.Get(Weight),
            Capacity = values.Get(Capacity),
            Drained = values.Get(Drained),
        },
        [.. values.Get(Endpoints).Where(endpoint => endpoint.Value.Fixed is not null).Select(endpoint => new Located<RegionEndpoint>(endpoint.Value.Fixed!, endpoint.At, endpoint.Subject))],
        [.. values.Get(Endpoints).Where(endpoint => endpoint.Value.Source is not null).Select(endpoint => new Located<DnsSource>(endpoint.Value.Source!, endpoint.At, endpoint.Subject))]));

    private static EndpointFile BuildEndpoint(Values values)
    {
        var isFound = values.Written(DnsName);
        if (isFound == values.Written(Address))
        {
            values.Reading.Problems.Error(values.At, $"{values.Subject}: {(isFound ? "`address` and `dns` stand together" : "there is neither `address` nor `dns`")}", "give it an address, or a name that addresses are found by");
            return new EndpointFile(null, null);
        }
        foreach (var unused in (Key[])(isFound ? [EndpointName] : [DnsType, DnsPort, DnsScheme]))
        {
            if (values.Written(unused))
                values.Error(unused, isFound ? "what is found is called by its address and port" : "it belongs to an endpoint found by `dns`", "take it away");
        }
        if (!isFound)
            return new EndpointFile(values.Get(Address) is { } address ? Endpoint(address, values.Get(EndpointName), values.Get(EndpointWeight)) : null, null);
        if (values.Get(DnsName) is not { } name)
            return new EndpointFile(null, null);
        var (type, scheme) = (values.Get(DnsType), values.Get(DnsScheme));
        foreach (var unused in (Key[])[DnsPort, EndpointWeight])
        {
            if (type == DnsSourceType.Srv && values.Written(unused))
                values.Error(unused, "an SRV record says it itself", "take it away");
        }
        return new EndpointFile(null, new DnsSource("", name, type, scheme, values.Get(DnsPort) ?? (scheme == "https" ? 443 : 80), values.Get(EndpointWeight)));
    }

    private static RegionEndpoint Endpoint(Uri address, string? name = null, int weight = 100) => new(name ?? address.Authority, address, weight);

    /// <summary>One item of `endpoints`: an endpoint, or a name that endpoints are found by.</summary>
    private sealed record EndpointFile(RegionEndpoint? Fixed, DnsSource? Source);
}
