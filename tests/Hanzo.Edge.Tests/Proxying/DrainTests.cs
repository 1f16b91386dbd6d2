using System.Net;
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
    public async Task A_forced_stop_waits_for_nothing()
    {
        var arrived = new TaskCompletionSource();
        await using var upstream = await Upstream.Start(context =>
        {
            arrived.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var configuration = RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)) with { DrainTimeout = Timeout.InfiniteTimeSpan };
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
