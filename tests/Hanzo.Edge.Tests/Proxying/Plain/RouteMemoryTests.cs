using System.Text;
using Hanzo.Edge.Proxying.Plain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests.Proxying.Plain;

public sealed class RouteMemoryTests
{
    private readonly FakeTimeProvider time = new();
    private readonly Endpoint route = new(null, null, "route");

    [Fact]
    public void A_route_is_remembered_for_its_moment_and_no_longer()
    {
        var memory = new RouteMemory(time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(memory.TryFind(Asking("/a"), out _));
        memory.Keep(Asking("/a"), route);
        memory.Keep(Asking("/none"), null);

        time.Advance(RouteMemory.Lasts / 2);
        memory.Keep(Asking("/later"), route);
        Assert.True(memory.TryFind(Asking("/a"), out var found));
        Assert.Same(route, found);
        Assert.True(memory.TryFind(Asking("/none"), out var none));
        Assert.Null(none);

        time.Advance(RouteMemory.Lasts / 2);
        Assert.False(memory.TryFind(Asking("/a"), out _));
        Assert.False(memory.TryFind(Asking("/later"), out _));
    }

    [Fact]
    public void Host_path_and_query_make_it_another_request()
    {
        var memory = new RouteMemory(time);
        time.Advance(TimeSpan.FromHours(1));
        memory.Keep(Asking("/a?b"), route);

        Assert.True(memory.TryFind(Asking("/a?b"), out _));
        Assert.False(memory.TryFind(Asking("/a"), out _));
        Assert.False(memory.TryFind(Asking("/A?b"), out _));
        Assert.False(memory.TryFind(Asking("/a?b", "other"), out _));
    }

    [Fact]
    public void Who_asks_for_very_many_things_fills_no_memory()
    {
        var memory = new RouteMemory(time);
        time.Advance(TimeSpan.FromHours(1));
        memory.Keep(Asking("/" + new string('a', 1000)), route);
        for (var at = 0; at < 10_000; at++) memory.Keep(Asking($"/{at}"), route);

        Assert.False(memory.TryFind(Asking("/" + new string('a', 1000)), out _));
        Assert.True(memory.TryFind(Asking("/0"), out _));
        Assert.False(memory.TryFind(Asking("/9999"), out _));
    }

    private static PlainRequest Asking(string target, string host = "shop")
    {
        var request = new PlainRequest();
        Assert.True(request.TryRead(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"), out _));
        return request;
    }
}
