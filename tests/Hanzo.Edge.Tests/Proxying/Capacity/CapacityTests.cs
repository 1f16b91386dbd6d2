using System.Net;
using Hanzo.Edge.Proxying.Capacity;
using Hanzo.Edge.Steering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests.Proxying.Capacity;

/// <summary>eu-west, London's region, carries one request at a time.</summary>
public sealed class CapacityTests
{
    [Fact]
    public async Task What_a_full_region_cannot_carry_goes_to_the_next_and_comes_back_when_there_is_room()
    {
        await using var world = await World.Start(new RegionCapacity(1, null));

        var first = world.Edge.Ask("/wait", RunningEdge.ClientInLondon);
        await world.Arrived;
        var second = await world.Edge.Ask("/", RunningEdge.ClientInLondon);
        world.Release();

        Assert.Equal(["us-east"], second.Headers.GetValues("Hanzo-Region"));
        Assert.Equal(["eu-west"], (await first).Headers.GetValues("Hanzo-Region"));
        await Hanzo.Testing.Eventually.Holds("there is room again", async () =>
            (await world.Edge.Ask("/", RunningEdge.ClientInLondon)).Headers.GetValues("Hanzo-Region").Single() == "eu-west");
    }

    [Fact]
    public async Task A_region_that_is_isolated_refuses_what_it_cannot_carry()
    {
        await using var world = await World.Start(new RegionCapacity(1, null, Isolate: true));

        var first = world.Edge.Ask("/wait", RunningEdge.ClientInLondon);
        await world.Arrived;
        var second = await world.Edge.Ask("/", RunningEdge.ClientInLondon);
        world.Release();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal("edge-1; error=connection_limit_reached", Assert.Single(second.Headers.GetValues("Proxy-Status")));
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    public void Leave_to_start_comes_back_with_time_and_is_kept_for_a_second()
    {
        var time = new FakeTimeProvider();
        var load = new RegionLoad(time);
        var capacity = new RegionCapacity(null, 10);

        Assert.Equal(10, Entered());
        time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(3, Entered());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Entered());

        int Entered()
        {
            var count = 0;
            while (count < 100 && load.TryEnter(capacity)) count++;
            return count;
        }
    }

    private sealed class World(Upstream us, Upstream eu, RunningEdge edge, TaskCompletionSource arrived, TaskCompletionSource released) : IAsyncDisposable
    {
        public RunningEdge Edge => edge;

        public Task Arrived => arrived.Task;

        public static async Task<World> Start(RegionCapacity capacity)
        {
            var (arrived, released) = (new TaskCompletionSource(), new TaskCompletionSource());
            var us = await Upstream.Start(context => context.Response.WriteAsync("us"));
            var eu = await Upstream.Start(async context =>
            {
                if (context.Request.Path != "/wait") return;
                arrived.TrySetResult();
                await released.Task;
            });
            var simple = RunningEdge.Topology(us.Http1, eu.Http1);
            var topology = new Topology(1, [simple.Regions[0], simple.Regions[1] with { Capacity = capacity }], simple.Policy);
            return new World(us, eu, await RunningEdge.Start(RunningEdge.Configured(topology)), arrived, released);
        }

        public void Release() => released.TrySetResult();

        public async ValueTask DisposeAsync()
        {
            Release();
            await edge.DisposeAsync();
            await us.DisposeAsync();
            await eu.DisposeAsync();
        }
    }
}
