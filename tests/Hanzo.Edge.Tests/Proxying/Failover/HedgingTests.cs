using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying.Failover;

public sealed class HedgingTests
{
    private volatile bool isSlow;
    private int asked;

    [Fact]
    public async Task A_request_that_takes_unusually_long_is_answered_by_another_endpoint()
    {
        await using var us = await Upstream.Start(context => context.Response.WriteAsync("us"));
        await using var eu = await Upstream.Start(Sometimes);
        await using var edge = await Warm(us, eu);
        isSlow = true;

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal("us", await response.Content.ReadAsStringAsync());
        Assert.Equal("us-east", Assert.Single(response.Headers.GetValues("Hanzo-Region")));
        var id = Assert.Single(response.Headers.GetValues("Request-Id"));
        await Eventually.Holds("the receipt is kept", () => edge.Host.State.Receipts.Find(id) is not null);
        var receipt = edge.Host.State.Receipts.Find(id)!.Value;
        Assert.Equal(("eu-1", RequestOutcome.Overtaken), (receipt.Failed!.Single().Endpoint, receipt.Failed!.Single().Outcome));
        Assert.Equal("us-1", receipt.Endpoint);
        Assert.Equal(HealthState.Up, edge.Host.State.Snapshots.Current.World.Health.Regions[1].Observed);
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("PUT", "a body")]
    public async Task What_may_not_or_cannot_be_sent_twice_is_not_hedged(string method, string body)
    {
        var hedged = 0;
        await using var us = await Upstream.Start(context => { if (context.Request.Method == method) Interlocked.Increment(ref hedged); return context.Response.WriteAsync("us"); });
        await using var eu = await Upstream.Start(Sometimes);
        await using var edge = await Warm(us, eu);
        isSlow = true;

        var request = edge.Ask(client: RunningEdge.ClientInLondon, also: message =>
        {
            message.Method = new HttpMethod(method);
            if (body.Length > 0) message.Content = new StringContent(body);
        });
        await Task.Delay(Slowness * 1.5, TimeProvider.System);
        isSlow = false;

        Assert.Equal("eu", await (await request).Content.ReadAsStringAsync());
        Assert.Equal(0, hedged);
    }

    [Fact]
    public async Task The_first_answer_wins_when_the_second_endpoint_is_the_slower_one()
    {
        await using var us = await Upstream.Start(Hang);
        await using var eu = await Upstream.Start(Sometimes);
        await using var edge = await Warm(us, eu);
        isSlow = true;

        var request = edge.Ask(client: RunningEdge.ClientInLondon);
        await Task.Delay(Slowness, TimeProvider.System);
        isSlow = false;

        Assert.Equal("eu", await (await request).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_second_endpoint_that_refuses_does_not_end_the_request()
    {
        await using var us = await Upstream.Start(context => { context.Response.StatusCode = 503; return Task.CompletedTask; });
        await using var eu = await Upstream.Start(Sometimes);
        await using var edge = await Warm(us, eu);
        isSlow = true;

        var request = edge.Ask(client: RunningEdge.ClientInLondon);
        await Task.Delay(Slowness, TimeProvider.System);
        isSlow = false;

        Assert.Equal("eu", await (await request).Content.ReadAsStringAsync());
    }

    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(300);

    private static Task Hang(HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

    // While it is slow it answers only when that is over.
    private async Task Sometimes(HttpContext context)
    {
        Interlocked.Increment(ref asked);
        if (isSlow) await Eventually.Holds("it is slow no more", () => !isSlow || context.RequestAborted.IsCancellationRequested);
        await context.Response.WriteAsync("eu");
    }

    // Enough quick answers that the endpoint's p95 is known.
    private static async Task<RunningEdge> Warm(Upstream us, Upstream eu)
    {
        var configuration = RunningEdge.Configured(RunningEdge.Topology(us.Http1, eu.Http1), RunningEdge.Route() with { Attempts = RunningEdge.Patient with { Hedges = true } }) with
        {
            Health = new HealthOptions
            {
                Probe = new ProbeOptions { Interval = TimeSpan.FromHours(1), FastInterval = TimeSpan.FromHours(1) },
                Latency = new LatencyOptions { Window = TimeSpan.FromMilliseconds(200), MinimumRequests = 10 },
            },
        };
        var edge = await RunningEdge.Start(configuration);
        await Eventually.Holds("the p95 is known", async () =>
        {
            for (var i = 0; i < 30; i++) await edge.Client.SendAsync(Get());
            return edge.Host.State.Board.P95(edge.Host.State.Snapshots.Current.World.Topology, 1, 0) is not null;
        });
        return edge;
    }

    private static HttpRequestMessage Get()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-For", RunningEdge.ClientInLondon);
        return request;
    }
}
