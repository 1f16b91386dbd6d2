using System.Net;
using Hanzo.Edge.Configuration;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class DrainTests
{
    [Fact]
    public async Task Requests_under_way_finish_while_the_edge_is_not_ready_any_more()
    {
        var finish = new TaskCompletionSource();
        await using var upstream = await Upstream.Start(async context =>
        {
            await context.Response.WriteAsync("wh");
            await context.Response.Body.FlushAsync();
            await finish.Task;
            await context.Response.WriteAsync("ole");
        });
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)));
        using var admin = new HttpClient { BaseAddress = edge.Host.Admin };
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/readyz")).StatusCode);
        var underWay = await edge.Ask();

        var stopping = edge.Host.StopAsync(CancellationToken.None);

        await Eventually.Holds("the edge is not ready", async () => (await admin.GetAsync("/readyz")).StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.False(stopping.IsCompleted);
        finish.SetResult();
        Assert.Equal("whole", await underWay.Content.ReadAsStringAsync());
        await stopping;
    }

    [Fact]
    public async Task Who_still_comes_while_the_end_is_announced_is_answered()
    {
        await using var upstream = await Upstream.Start(context => context.Response.WriteAsync("whole"));
        var configuration = RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)) with { Drain = new DrainOptions(Timeout.InfiniteTimeSpan, TimeSpan.FromMinutes(1)) };
        await using var edge = await RunningEdge.Start(configuration);
        using var admin = new HttpClient { BaseAddress = edge.Host.Admin };
        using var force = new CancellationTokenSource();

        var stopping = edge.Host.StopAsync(force.Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await admin.GetAsync("/readyz")).StatusCode);
        using var newcomer = new HttpClient { BaseAddress = edge.Address };
        Assert.Equal("whole", await newcomer.GetStringAsync("/"));
        Assert.False(stopping.IsCompleted);

        await force.CancelAsync();
        await stopping.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task What_was_announced_is_over_when_its_time_is()
    {
        await using var upstream = await Upstream.Start(context => context.Response.WriteAsync("whole"));
        var configuration = RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)) with { Drain = new DrainOptions(TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1)) };
        await using var edge = await RunningEdge.Start(configuration);

        await edge.Host.StopAsync(CancellationToken.None).WaitAsync(Eventually.Patience);

        using var newcomer = new HttpClient { BaseAddress = edge.Address };
        await Assert.ThrowsAsync<HttpRequestException>(() => newcomer.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_forced_stop_waits_for_nothing()
    {
        var arrived = new TaskCompletionSource();
        await using var upstream = await Upstream.Start(context =>
        {
            arrived.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var configuration = RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)) with { Drain = new DrainOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) };
        await using var edge = await RunningEdge.Start(configuration);
        _ = edge.Ask();
        await arrived.Task.WaitAsync(Eventually.Patience);
        using var force = new CancellationTokenSource();

        var stopping = edge.Host.StopAsync(force.Token);
        Assert.False(stopping.IsCompleted);
        await force.CancelAsync();

        await stopping.WaitAsync(Eventually.Patience);
    }
}
