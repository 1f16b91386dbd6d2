using Hanzo.Edge.Steering;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class RouteLeaderTests
{
    [Fact]
    public async Task Requests_go_to_the_region_that_the_last_answer_names_as_leader()
    {
        var leader = "us-east";
        await using var us = await Upstream.Start(Says("us", () => leader));
        await using var eu = await Upstream.Start(Says("eu", () => leader));
        await using var edge = await Start(us, eu, prefersLeader: true);

        Assert.Equal("eu", await Ask(edge));
        Assert.Equal("us", await Ask(edge));
        leader = "eu-west";
        Assert.Equal("us", await Ask(edge));
        Assert.Equal("eu", await Ask(edge));
    }

    [Fact]
    public async Task The_explanation_knows_the_leader_too()
    {
        await using var us = await Upstream.Start(Says("us", () => "us-east"));
        await using var eu = await Upstream.Start(Says("eu", () => "us-east"));
        await using var edge = await Start(us, eu, prefersLeader: true);
        await Ask(edge);

        var explained = await edge.Client.GetStringAsync(new Uri(edge.Host.Admin, $"/explain?client={RunningEdge.ClientInLondon}"));

        Assert.Contains("\"region\":\"us-east\",\"eligible\":true,\"reason\":\"leader\"", explained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leader_that_is_no_region_leads_nowhere()
    {
        await using var us = await Upstream.Start(Says("us", () => "mars"));
        await using var eu = await Upstream.Start(Says("eu", () => "mars"));
        await using var edge = await Start(us, eu, prefersLeader: true);

        await Ask(edge);

        Assert.Equal("eu", await Ask(edge));
    }

    [Fact]
    public async Task A_route_that_prefers_the_nearest_does_not_ask_who_leads()
    {
        await using var us = await Upstream.Start(Says("us", () => "us-east"));
        await using var eu = await Upstream.Start(Says("eu", () => "us-east"));
        await using var edge = await Start(us, eu, prefersLeader: false);

        await Ask(edge);

        Assert.Equal("eu", await Ask(edge));
    }

    private static Task<RunningEdge> Start(Upstream us, Upstream eu, bool prefersLeader) =>
        RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Http1, eu.Http1), RunningEdge.Route() with { PrefersLeader = prefersLeader, State = StateClass.Consensus }));

    private static async Task<string> Ask(RunningEdge edge) => await (await edge.Ask(client: RunningEdge.ClientInLondon)).Content.ReadAsStringAsync();

    private static RequestDelegate Says(string text, Func<string> leader) => context =>
    {
        context.Response.Headers["Hanzo-Leader"] = leader();
        return context.Response.WriteAsync(text);
    };
}
