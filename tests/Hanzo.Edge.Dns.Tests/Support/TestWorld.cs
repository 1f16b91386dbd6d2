using System.Collections.Immutable;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Steering;
using Hanzo.Testing;

namespace Hanzo.Edge.Dns.Tests.Support;

/// <summary>Three regions and a small map of the Internet: 10.1.0.0/16 is Boston, 10.2.0.0/16 London, 10.3.0.0/16 Jakarta, 2001:db8:a::/48 Paris; the rest is unknown.</summary>
internal static class TestWorld
{
    public static readonly string[] Regions = ["ashburn", "dublin", "singapore"];

    public static readonly ImmutableArray<Place> Places =
        [Place.Nowhere, Cities.Place("boston"), Cities.Place("london"), Cities.Place("jakarta"), Cities.Place("paris")];

    private static readonly NetworkTable Table = new(
        [Some.Network("10.1.0.0/16"), Some.Network("10.2.0.0/16"), Some.Network("10.3.0.0/16"), Some.Network("2001:db8:a::/48")]);

    public static PlacedNetworks Networks { get; } = PlacedNetworks.Unroll(Find);

    /// <summary>The place of an address and the widest aligned block around it that is all there, found the slow way.</summary>
    public static PlacedNetwork Find(ClientKey client)
    {
        if (Table.Find(client) is >= 0 and var rule) return new(rule + 1, rule == 3 ? 48 : 16);
        string[] blocks = client.IsIPv4 ? ["10.1.0.0/16", "10.2.0.0/15", "10.0.0.0/8"] : ["2001:db8:a::/48"];
        var bits = client.IsIPv4 ? 32 : 128;
        for (var length = 0; length <= bits; length++)
        {
            var host = bits - length;
            var first = host == 128 ? UInt128.Zero : client.Value >> host << host;
            var last = host == 128 ? UInt128.MaxValue : first | ((UInt128.One << host) - 1);
            if (!blocks.Take(client.IsIPv4 ? 2 : 1).Any(block => Overlaps(block, first, last))) return new(Place.Unknown, length);
        }

        return new(Place.Unknown, bits);
    }

    public static SteeringWorld Steering(SteeringPolicy? policy = null, params string[] down)
    {
        var topology = Some.Topology(policy ?? new SteeringPolicy(), [.. Some.Regions(Regions)]);
        return new(new HealthSnapshot(1, topology, [.. Regions.Select(region => Some.Health(!down.Contains(region)))]), Places);
    }

    public static DnsSnapshot Snapshot(SteeringWorld? world = null, ZoneDefinition? zone = null, DnsOptions? options = null, TimeToNextChange? change = null)
    {
        var zones = ZoneCompiler.Compile([zone ?? TestZone.Edge], out var errors) ?? throw new InvalidOperationException(string.Join('\n', errors));
        using var metrics = new DnsMetrics();
        return new(zones, SteeringView.Prepare(zones, world ?? Steering(), null, Networks, change, metrics), options ?? Options);
    }

    public static DnsOptions Options { get; } = new() { RateLimit = new() { PerSecond = 0 } };

    private static bool Overlaps(string block, UInt128 first, UInt128 last)
    {
        var network = System.Net.IPNetwork.Parse(block);
        var start = ClientKey.Of(network.BaseAddress).Value;
        var host = (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        return start <= last && first <= (start | ((UInt128.One << host) - 1));
    }
}
