using System.Diagnostics.Metrics;
using System.Net;
using DnsClient;
using Hanzo.Edge.Health;
using Hanzo.Edge.Location;
using Hanzo.Edge.Tests.Configuration;
using Hanzo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Edge.Tests;

/// <summary>The DNS server as an edge runs it, asked over sockets.</summary>
public sealed class EdgeDnsTests
{
    [Fact]
    public async Task An_answer_follows_health_and_configuration()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Read.Root, "config/edge-dns.yaml"));
        var configuration = Read.Text(text, ("HANZO_EDGE_DNS_PORT", ReservedPorts.Take().ToString())).Configuration!;
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var board = new HealthBoard(TimeProvider.System, new Random(1), services.GetRequiredService<IMeterFactory>(), NullLogger<HealthBoard>.Instance);
        var state = new EdgeState(board, services.GetRequiredService<IMeterFactory>(), TimeProvider.System, 1);
        state.Snapshots.Apply(configuration, new PlaceTable());
        await using var dns = new EdgeDns(state, configuration.Dns!, NullLoggerFactory.Instance);
        await dns.StartAsync();
        var client = new LookupClient(new LookupClientOptions(configuration.Dns!.Listen[0]) { UseCache = false, Timeout = TimeSpan.FromSeconds(5) });

        Assert.Equal("203.0.113.1", await Ask(client)); // the default place is in Virginia
        var drained = Read.Text(text.Replace("  us-east:\n    location", "  us-east:\n    drained: true\n    location", StringComparison.Ordinal), ("HANZO_EDGE_DNS_PORT", "1")).Configuration!;
        state.Snapshots.Apply(drained);
        await Eventually.Holds("the drained region is no answer any more", async () => await Ask(client) == "203.0.113.2");
    }

    private static async Task<string> Ask(LookupClient client) =>
        (await client.QueryAsync("shop.edge.test", QueryType.A)).Answers.ARecords().Single().Address.ToString();
}
