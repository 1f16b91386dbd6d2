using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Peering;
using Hanzo.Edge.Steering;
using Hanzo.Edge.Tests.Proxying;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Peering;

/// <summary>Three edges that look at the same regions over real connections.</summary>
public sealed class PeerExchangeTests : IAsyncLifetime
{
    private static readonly string[] Names = ["edge-0", "edge-1", "edge-2"];

    private readonly Uri[] listens = [.. Enumerable.Range(ReservedPorts.Take(3), 3).Select(port => new Uri($"http://127.0.0.1:{port}"))];
    private readonly List<RunningEdge> edges = [];
    private Upstream up = null!;
    private Upstream flaky = null!;
    private volatile int status = 200;

    public async Task InitializeAsync()
    {
        up = await Upstream.Start(context => context.Response.WriteAsync("ok"));
        flaky = await Upstream.Start(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("hm");
        });
    }

    public async Task DisposeAsync()
    {
        foreach (var edge in edges) await edge.DisposeAsync();
        await up.DisposeAsync();
        await flaky.DisposeAsync();
    }

    [Fact]
    public async Task A_region_leaves_the_answers_when_most_see_it_down_and_the_proxy_trusts_its_own_eyes()
    {
        // The first edge alone cannot reach eu-west; the others see what is there.
        await Start(0, RunningEdge.Topology(up.Http1, new Uri("http://127.0.0.1:1")));
        await Start(1, RunningEdge.Topology(up.Http1, flaky.Http1));
        await Start(2, RunningEdge.Topology(up.Http1, flaky.Http1));
        var first = edges[0].Host.State.Snapshots;
        await Eventually.Holds("all three count", () => Task.FromResult(first.View is { HasQuorum: true, Voters.Count: 3, LostEdges.Count: 0 }));

        Assert.Equal((0b01UL, 0b11UL), (first.Current.World.Health.Healthy, first.Current.AnswerWorld.Health.Healthy));

        status = 500;
        await Eventually.Holds("eu-west leaves the answers of all", () => Task.FromResult(edges.TrueForAll(edge => edge.Host.State.Snapshots.Current.AnswerWorld.Health.Healthy == 0b01)));
        Assert.Equal(StateClasses.All, first.View!.Withdrawn["eu-west"]);

        status = 200;
        await Eventually.Holds("eu-west is back", () => Task.FromResult(first.Current.AnswerWorld.Health.Healthy == 0b11));
        Assert.Equal(0b01UL, first.Current.World.Health.Healthy);
    }

    [Fact]
    public async Task An_edge_that_hears_nobody_withdraws_nothing_and_says_so()
    {
        await Start(0, RunningEdge.Topology(up.Http1, new Uri("http://127.0.0.1:1")));
        var alone = edges[0].Host.State.Snapshots;

        await Eventually.Holds("eu-west is seen down", () => Task.FromResult(alone.Current.World.Health.Healthy == 0b01));
        Assert.Equal(0b11UL, alone.Current.AnswerWorld.Health.Healthy);
        using var http = new HttpClient { BaseAddress = edges[0].Host.Admin };
        Assert.Contains("hanzo_edge_vantage_quorum 0\n", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edge_that_drains_leaves_the_answers_and_still_counts()
    {
        await Start(0, RunningEdge.Topology(up.Http1, up.Http2));
        await Start(1, RunningEdge.Topology(up.Http1, up.Http2));
        var first = edges[0].Host.State.Snapshots;
        await Eventually.Holds("both count", () => Task.FromResult(first.View is { Voters.Count: 2, LostEdges: ["edge-2"] }));

        edges[1].Host.State.Readiness.Drain();

        await Eventually.Holds("the second takes no clients", () => Task.FromResult(first.View is { Voters.Count: 2, LostEdges: ["edge-1", "edge-2"] }));
    }

    [Fact]
    public async Task What_is_not_signed_is_refused_without_saying_why()
    {
        await Start(0, RunningEdge.Topology(up.Http1, up.Http2));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(edges[0].Host.Peer!, PeerExchange.Path)) { Content = new StringContent("{}") };
        request.Headers.Add(PeerSignature.EdgeHeader, "edge-1");
        request.Headers.Add(PeerSignature.TimeHeader, "1");
        request.Headers.Add(PeerSignature.SignatureHeader, new string('0', 64));

        using var response = await http.SendAsync(request);

        Assert.Equal((HttpStatusCode.Unauthorized, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    private async Task Start(int index, Topology topology) => edges.Add(await RunningEdge.Start(RunningEdge.Configured(topology) with
    {
        Name = Names[index],
        Health = new HealthOptions { Probe = new ProbeOptions { Path = "/health", Interval = TimeSpan.FromMilliseconds(500), FastInterval = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromMilliseconds(500), Fall = 2, Rise = 1 } },
        Peers = new PeerOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, listens[index].Port),
            Key = "correct horse battery staple",
            Exchange = TimeSpan.FromMilliseconds(500),
            Members = Names.Index().Where(name => name.Index != index).ToImmutableDictionary(name => name.Item, name => listens[name.Index]),
        },
    }));
}
