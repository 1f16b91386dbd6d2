using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Steering;
using Hanzo.Testing;

namespace Hanzo.Edge.Dns.Tests.Support;

/// <summary>Three regions and a small map of the Internet: 11.1.0.0/16 is Boston, 11.2.0.0/16 London, 11.3.0.0/16 Jakarta, 2001:db8:a::/48 Paris; the rest is unknown.</summary>
internal static class TestWorld
{
    public static readonly string[] Regions = ["ashburn", "dublin", "singapore"];

    public static readonly ImmutableArray<Place> Places =
        [Place.Nowhere, Cities.Place("boston"), Cities.Place("london"), Cities.Place("jakarta"), Cities.Place("paris")];

    private static readonly NetworkTable Table = new(
        [Some.Network("11.1.0.0/16"), Some.Network("11.2.0.0/16"), Some.Network("11.3.0.0/16"), Some.Network("2001:db8:a::/48")]);

    public static PlacedNetworks Networks { get; } = new(
        [(First("0.0.0.0"), 0), (First("11.1.0.0"), 1), (First("11.2.0.0"), 2), (First("11.3.0.0"), 3), (First("11.4.0.0"), 0)],
        [(First("::"), 0), (First("2001:db8:a::"), 4), (First("2001:db8:b::"), 0)]);

    /// <summary>The place of an address, found the slow way.</summary>
    public static int PlaceOf(ClientKey client) => Table.Find(client) + 1;

    public static SteeringWorld Steering(SteeringPolicy? policy = null, params string[] down)
    {
        var topology = Some.Topology(policy ?? new SteeringPolicy(), [.. Some.Regions(Regions)]);
        return new(new HealthSnapshot(1, topology, [.. Regions.Select(region => Some.Health(!down.Contains(region)))]), Places);
    }

    public static DnsSnapshot Snapshot(SteeringWorld? world = null, ZoneDefinition? zone = null, DnsOptions? options = null, TimeToNextChange? change = null, SteeringWorld? sites = null)
    {
        var zones = ZoneCompiler.Compile([zone ?? TestZone.Edge], out var errors) ?? throw new InvalidOperationException(string.Join('\n', errors));
        using var metrics = new DnsMetrics();
        return new(zones, SteeringView.Prepare(zones, world ?? Steering(), sites, Networks, change, metrics), options ?? Options);
    }

    public static DnsOptions Options { get; } = new() { RateLimit = new() { PerSecond = 0 } };

    private static UInt128 First(string address) => ClientKey.Of(IPAddress.Parse(address)).Value;
}
