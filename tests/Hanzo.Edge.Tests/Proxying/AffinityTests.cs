using System.Net;
using Hanzo.Edge.Steering;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class AffinityTests
{
    [Theory]
    [InlineData("HashCookie")]
    [InlineData("ArrCookie")]
    [InlineData("Cookie")]
    [InlineData("CustomHeader")]
    public async Task Requests_of_one_session_go_to_one_endpoint_of_the_region(string policy)
    {
        await using var one = await Upstream.Start(context => context.Response.WriteAsync("one"));
        await using var two = await Upstream.Start(context => context.Response.WriteAsync("two"));
        await using var far = await Upstream.Start(context => context.Response.WriteAsync("far"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(TwoEndpoints(one.Http1, two.Http1, far.Http1), Sticky(policy)));

        var seen = new HashSet<string>();
        for (var session = 0; session < 20; session++)
        {
            var first = await edge.Ask();
            var endpoint = await first.Content.ReadAsStringAsync();
            seen.Add(endpoint);
            var (field, value) = Token(first, policy);
            for (var request = 0; request < 5; request++)
            {
                var next = await edge.Ask(also: message => message.Headers.Add(field, value));
                Assert.Equal(endpoint, await next.Content.ReadAsStringAsync());
            }
        }
        Assert.Equal(["one", "two"], seen.Order());
    }

    private static (string Field, string Value) Token(HttpResponseMessage response, string policy) => policy == "CustomHeader"
        ? ("Session", response.Headers.GetValues("Session").Single())
        : ("Cookie", response.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);

    private static Hanzo.Edge.Configuration.EdgeRoute Sticky(string policy)
    {
        var route = RunningEdge.Route();
        return route with { Affinity = new SessionAffinityConfig { Enabled = true, Policy = policy, AffinityKeyName = "Session", FailurePolicy = "Redistribute" } };
    }

    private static Topology TwoEndpoints(Uri one, Uri two, Uri far)
    {
        var topology = RunningEdge.Topology(one, far);
        var regions = topology.Regions.ToArray();
        regions[0] = regions[0] with { Endpoints = [new RegionEndpoint("us-1", one), new RegionEndpoint("us-2", two)] };
        return new Topology(1, [.. regions], topology.Policy);
    }
}
