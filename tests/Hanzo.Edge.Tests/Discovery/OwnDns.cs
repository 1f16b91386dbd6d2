using System.Net;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Dns;
using Hanzo.Edge.Dns.Serving;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Steering;
using Hanzo.Edge.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Edge.Tests.Discovery;

/// <summary>Our own authoritative server for the zone up.test, on a port that was free, with records that a test may change.</summary>
internal sealed class OwnDns : IAsyncDisposable
{
    private readonly DnsMetrics metrics = new();
    private readonly DnsServer server;

    private OwnDns(string[] records)
    {
        var options = new DnsServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Threads = 1 };
        server = new DnsServer(options, Snapshot(records), metrics, TimeProvider.System, NullLogger<DnsServer>.Instance);
    }

    public IPEndPoint Address => server.Endpoints[0];

    public static async Task<OwnDns> Start(params string[] records)
    {
        var own = new OwnDns(records);
        await own.server.StartAsync();
        return own;
    }

    /// <summary>Replaces the zone's records: NAME TTL TYPE DATA, names relative to up.test.</summary>
    public void Holds(params string[] records) => server.Snapshot = Snapshot(records);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        metrics.Dispose();
    }

    private DnsSnapshot Snapshot(string[] records)
    {
        var configuration = Configured(records);
        var world = new SteeringWorld(HealthSnapshot.AllUp(configuration.Topology), [Place.Nowhere]);
        var zones = configuration.Dns!.Zones;
        return new DnsSnapshot(zones, SteeringView.Prepare(zones, world, null, PlacedNetworks.Nowhere, null, metrics), configuration.Dns.Options);
    }

    private static EdgeConfiguration Configured(string[] records)
    {
        var result = Read.Text(
            $$"""
            version: 1
            edge: { name: dns }
            listen: [{ address: "127.0.0.1:0" }]
            geo: { database: none.mmdb, defaultPlace: { country: US, continent: NA, location: [39.04, -77.49] } }
            regions:
              any: { location: [0, 0], endpoints: ["http://127.0.0.1:1"] }
            routes:
              all: { match: { path: "/{**rest}" } }
            dns:
              listen: ["127.0.0.1:0"]
              rateLimit: { perSecond: 0 }
              zones:
                up.test:
                  soa: { primary: ns, mailbox: admin, minimum: 1s }
                  records:
                    - "@ 60 NS ns"
                    - "ns 60 A 127.0.0.1"
            {{string.Concat(records.Select(record => $"        - \"{record}\"\n"))}}
            """);
        return result.Configuration ?? throw new InvalidOperationException(string.Join('\n', result.Problems.Select(problem => problem.Show("zone"))));
    }
}
