using Hanzo.Edge.Discovery;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;
using Hanzo.Edge.Tests.Proxying;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Discovery;

/// <summary>An edge that finds its upstreams by a real DNS server.</summary>
public sealed class EndpointDiscoveryTests : IAsyncLifetime
{
    private readonly TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Upstream first = null!;
    private Upstream second = null!;
    private OwnDns dns = null!;
    private RunningEdge edge = null!;

    public async Task InitializeAsync()
    {
        first = await Upstream.Start(async context =>
        {
            if (context.Request.Path == "/slow") await finish.Task;
            await context.Response.WriteAsync("first");
        });
        second = await Upstream.Start(context => context.Response.WriteAsync("second"));
        dns = await OwnDns.Start(Srv(first, 10), "host 1 A 127.0.0.1");
        var topology = new Topology(1, [new Region { Name = "eu", Location = Cities.Location("dublin"), Endpoints = [] }], new SteeringPolicy { DefaultPlace = Cities.Place("london") });
        edge = await RunningEdge.Start(RunningEdge.Configured(topology) with
        {
            // A busy machine must not look like a failing upstream.
            Health = new HealthOptions { Probe = new ProbeOptions { Interval = TimeSpan.FromSeconds(5), FastInterval = TimeSpan.FromMilliseconds(200), Timeout = TimeSpan.FromSeconds(5), Fall = 2, Rise = 1 } },
            Sources = [new DnsSource("eu", "_shop._tcp.up.test", DnsSourceType.Srv, "http", 80, 100)],
            Discovery = new DiscoveryOptions { Resolvers = [dns.Address], Timeout = TimeSpan.FromSeconds(2), MinTtl = TimeSpan.FromMilliseconds(200) },
        });
        // Ready after 5 s at most, whatever is known then: a starved machine may need longer to look up and probe.
        await Eventually.Holds("the first answers", async () => await Ask() == "first");
    }

    public async Task DisposeAsync()
    {
        finish.TrySetResult();
        await edge.DisposeAsync();
        await dns.DisposeAsync();
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public void What_a_name_gives_is_an_endpoint_of_its_region() =>
        Assert.Equal([new RegionEndpoint($"127.0.0.1:{first.Http1.Port}", first.Http1, 10) { Host = "host.up.test", Priority = 10 }], edge.Host.State.Snapshots.Current.World.Topology.Regions[0].Endpoints.AsEnumerable());

    [Fact]
    public async Task Requests_follow_the_records_and_those_under_way_finish_where_they_are()
    {
        var slow = edge.Ask("/slow");

        dns.Holds(Srv(second, 10), "host 1 A 127.0.0.1");
        await Eventually.Holds("requests go to the second", async () => await Ask() == "second");

        finish.TrySetResult();
        using var response = await slow;
        Assert.Equal("first", await response.Content.ReadAsStringAsync());
        Assert.Equal([$"127.0.0.1:{second.Http1.Port}"], edge.Host.State.Snapshots.Current.World.Topology.Regions[0].Endpoints.Select(endpoint => endpoint.Name));
    }

    [Fact]
    public async Task Of_two_priorities_the_better_serves_until_it_is_gone()
    {
        dns.Holds(Srv(first, 10), Srv(second, 20), "host 1 A 127.0.0.1");
        await Eventually.Holds("both are known and up", () => Task.FromResult(edge.Host.State.Snapshots.Current.World.Health.Regions[0].Endpoints is { Length: 2 } both && both.All(one => one.State == HealthState.Up)));
        for (var i = 0; i < 20; i++) Assert.Equal("first", await Ask());

        await first.DisposeAsync();
        await Eventually.Holds("the second takes over", async () => await Ask() == "second");
    }

    [Fact]
    public async Task Neither_a_record_that_is_gone_nor_a_server_that_is_gone_empties_the_pool()
    {
        dns.Holds("host 1 A 127.0.0.1");
        await Eventually.Holds("the name is gone", async () => (await Page()).Contains("result=\"failed\"} ", StringComparison.Ordinal));
        Assert.Equal("first", await Ask());

        await dns.DisposeAsync();
        await Eventually.Holds("nobody answers", async () => (await Page()).Split('\n').Any(line => line.StartsWith("hanzo_edge_discovery_lookups_total", StringComparison.Ordinal) && line.Contains("failed", StringComparison.Ordinal) && double.Parse(line.Split(' ')[^1]) >= 2));
        Assert.Equal("first", await Ask());
    }

    private static string Srv(Upstream upstream, int priority) => $"_shop._tcp 1 SRV {priority} 10 {upstream.Http1.Port} host";

    private async Task<string> Ask()
    {
        using var response = await edge.Ask();
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> Page()
    {
        using var http = new HttpClient { BaseAddress = edge.Host.Admin };
        return await http.GetStringAsync("/metrics");
    }
}
