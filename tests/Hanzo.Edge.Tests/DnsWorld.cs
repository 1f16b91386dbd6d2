using System.Diagnostics.Metrics;
using System.Globalization;
using DnsClient;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;
using Hanzo.Edge.Tests.Configuration;
using Hanzo.Edge.Tests.Location;
using Hanzo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Edge.Tests;

/// <summary>The DNS server of config/edge-dns.yaml as an edge runs it, on a port of its own and without a limit of rates.</summary>
internal sealed class DnsWorld : IAsyncDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly string text = File.ReadAllText(Path.Combine(Read.Root, "config/edge-dns.yaml"));
    private readonly string port = ReservedPorts.Take().ToString(CultureInfo.InvariantCulture);
    private readonly MeasuredMeter meter;
    private readonly EdgeDns dns;

    private DnsWorld(PlaceTable places)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        meter = new MeasuredMeter(meters);
        State = new EdgeState(new HealthBoard(TimeProvider.System, new Random(1), meters, NullLogger<HealthBoard>.Instance), meters, TimeProvider.System, 1);
        var configuration = Configured(text => text);
        State.Snapshots.Apply(configuration, places);
        dns = new EdgeDns(State, configuration.Dns!, NullLoggerFactory.Instance);
        Client = new LookupClient(new LookupClientOptions(configuration.Dns!.Listen[0]) { UseCache = false, Retries = 0, Timeout = TimeSpan.FromSeconds(5) });
    }

    public EdgeState State { get; }

    public LookupClient Client { get; }

    public string Port => port;

    /// <summary>How often the answers were prepared.</summary>
    public double Prepared => meter.Total("hanzo_edge_publications_total", "within", "yes") + meter.Total("hanzo_edge_publications_total", "within", "no");

    /// <summary>Starts one whose clients are where <paramref name="places"/> says, or all at the default place.</summary>
    public static async Task<DnsWorld> Start(PlaceTable? places = null)
    {
        var world = new DnsWorld(places ?? new PlaceTable());
        await world.dns.StartAsync();
        return world;
    }

    public EdgeConfiguration Configured(Func<string, string> change) => Read.Text(change(text), ("HANZO_EDGE_DNS_PORT", port), ("HANZO_EDGE_DNS_RATE", "0")).Configuration!;

    public void Order(RegionOverride kind, string reason) =>
        Assert.Null(State.Board.Override(new OverrideOrder("eu-west", kind, reason, "tester", TimeSpan.FromHours(1))).Refusal);

    public async ValueTask DisposeAsync()
    {
        await dns.DisposeAsync();
        await State.Board.DisposeAsync();
        meter.Dispose();
        await services.DisposeAsync();
    }
}
