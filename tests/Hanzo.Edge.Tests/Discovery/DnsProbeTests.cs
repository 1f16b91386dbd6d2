using System.Diagnostics.Metrics;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;
using Hanzo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Edge.Tests.Discovery;

/// <summary>The DNS probe against a real name server.</summary>
public sealed class DnsProbeTests : IAsyncLifetime
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private OwnDns dns = null!;

    public async Task InitializeAsync() => dns = await OwnDns.Start("api 30 A 192.0.2.1");

    public async Task DisposeAsync()
    {
        await dns.DisposeAsync();
        await services.DisposeAsync();
    }

    [Theory]
    [InlineData("up.test", "SOA", "good")]
    [InlineData("api.up.test", "A", "good")]
    [InlineData("api.up.test", "TXT", "body")]
    [InlineData("gone.up.test", "A", "status")]
    [InlineData("elsewhere.test", "A", "refused")]
    public async Task A_name_server_is_fit_while_it_has_the_record(string name, string type, string result) =>
        Assert.Equal(result, await Probe(new ProbeOptions { Kind = ProbeKind.Dns, Port = dns.Address.Port, DnsName = name, DnsType = type, Interval = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(10) }));

    [Fact]
    public async Task One_that_is_gone_is_not() =>
        Assert.Contains(await Probe(new ProbeOptions { Kind = ProbeKind.Dns, Port = 1, DnsName = "up.test", Timeout = TimeSpan.FromMilliseconds(300) }), new[] { "connect", "timeout" });

    private async Task<string> Probe(ProbeOptions options)
    {
        List<string> results = [];
        var meters = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) => { if (instrument.Meter.Scope == meters && instrument.Name == "hanzo_edge_probes_total") it.EnableMeasurementEvents(instrument); };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
                if (tag.Key == "result") lock (results) results.Add((string)tag.Value!);
        });
        listener.Start();
        await using var board = new HealthBoard(TimeProvider.System, new Random(1), meters, NullLogger<HealthBoard>.Instance);
        board.Apply(new Topology(1, [new Region { Name = "eu", Location = Cities.Location("dublin"), Endpoints = [new RegionEndpoint("ns", new Uri("http://127.0.0.1:80"))] }], new SteeringPolicy()), options);
        await board.FirstRound;
        Assert.Equal(results[0] == "good", board.Current!.Healthy != 0);
        return results[0];
    }
}
