using System.Net;
using Hanzo.Edge.Steering;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class ReloadTests
{
    [Fact]
    public async Task No_request_fails_while_the_configuration_changes_twenty_times_under_load()
    {
        await using var one = await Upstream.Start(context => context.Response.WriteAsync("one"));
        await using var two = await Upstream.Start(context => context.Response.WriteAsync("two"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(one.Http1, two.Http1)));
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Load(edge, stop.Token))).ToArray();

        for (var version = 2; version <= 21; version++)
        {
            var before = edge.Host.State.Receipts.Written;
            Assert.Null(edge.Host.Apply(RunningEdge.Configured(Renamed(one.Http1, two.Http1, version))));
            await Hanzo.Testing.Eventually.Holds("requests go on", () => Task.FromResult(edge.Host.State.Receipts.Written >= before + 20));
        }
        await stop.CancelAsync();

        var failed = (await Task.WhenAll(load)).SelectMany(statuses => statuses).ToList();
        Assert.Empty(failed);
        var last = await edge.Ask();
        Assert.Equal(["us-east-21"], last.Headers.GetValues("Hanzo-Region"));
    }

    [Fact]
    public async Task A_route_with_protected_session_cookies_that_a_reload_brings_keeps_its_sessions()
    {
        await using var one = await Upstream.Start(context => context.Response.WriteAsync("one"));
        await using var two = await Upstream.Start(context => context.Response.WriteAsync("two"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(one.Http1, two.Http1)));
        var route = RunningEdge.Route() with { Affinity = new SessionAffinityConfig { Enabled = true, Policy = "Cookie", FailurePolicy = "Return503Error", AffinityKeyName = "kept" } };
        Assert.Null(edge.Host.Apply(RunningEdge.Configured(RunningEdge.Topology(one.Http1, two.Http1, version: 2), route)));

        using var first = await edge.Client.GetAsync(new Uri("/", UriKind.Relative));
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie")).Split(';')[0];
        using var again = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Cookie", cookie } } };
        using var second = await edge.Client.SendAsync(again);

        Assert.StartsWith("kept=", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    // Every change renames every region and endpoint: nothing of the old configuration fits the new one.
    private static Topology Renamed(Uri one, Uri two, int version)
    {
        var topology = RunningEdge.Topology(one, two, version);
        return new Topology(version,
            [.. topology.Regions.Select(region => region with
            {
                Name = $"{region.Name}-{version}",
                Endpoints = [.. region.Endpoints.Select(endpoint => endpoint with { Name = $"{endpoint.Name}-{version}" })],
            })],
            topology.Policy);
    }

    private static async Task<List<HttpStatusCode>> Load(RunningEdge edge, CancellationToken stop)
    {
        var failed = new List<HttpStatusCode>();
        while (!stop.IsCancellationRequested)
        {
            using var response = await edge.Ask();
            if (response.StatusCode != HttpStatusCode.OK) failed.Add(response.StatusCode);
            await response.Content.ReadAsStringAsync(CancellationToken.None);
        }
        return failed;
    }
}
