using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Location;
using Hanzo.Edge.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Edge.Tests.Discovery;

/// <summary>Our own authoritative server for the zone up.test, on sockets, with records that a test may change.</summary>
internal sealed class OwnDns : IAsyncDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly HealthBoard board;
    private readonly EdgeState state;
    private readonly EdgeDns dns;

    private OwnDns(int port, string[] records)
    {
        Address = new IPEndPoint(IPAddress.Loopback, port);
        var meters = services.GetRequiredService<IMeterFactory>();
        board = new HealthBoard(TimeProvider.System, new Random(1), meters, NullLogger<HealthBoard>.Instance);
        state = new EdgeState(board, meters, TimeProvider.System, 1);
        var configuration = Configured(records);
        state.Snapshots.Apply(configuration, new PlaceTable());
        dns = new EdgeDns(state, configuration.Dns!, NullLoggerFactory.Instance);
    }

    public IPEndPoint Address { get; }

    public static async Task<OwnDns> Start(params string[] records)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        socket.Dispose();
        var own = new OwnDns(port, records);
        await own.dns.StartAsync();
        return own;
    }

    /// <summary>Replaces the zone's records: NAME TTL TYPE DATA, names relative to up.test.</summary>
    public void Holds(params string[] records) => state.Snapshots.Apply(Configured(records));

    public async ValueTask DisposeAsync()
    {
        await dns.DisposeAsync();
        await board.DisposeAsync();
        await services.DisposeAsync();
    }

    private EdgeConfiguration Configured(string[] records)
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
              listen: ["{{Address}}"]
              rateLimit: { perSecond: 0 }
              threads: 1
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
