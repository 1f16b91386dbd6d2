using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Steering;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class StickinessTests : IAsyncLifetime
{
    private const string Name = "Hanzo-Sticky";

    private Upstream us = null!;
    private Upstream eu = null!;

    public async Task InitializeAsync()
    {
        us = await Upstream.Start(context => context.Response.WriteAsync("us"));
        eu = await Upstream.Start(context => context.Response.WriteAsync("eu"));
    }

    public async Task DisposeAsync()
    {
        await us.DisposeAsync();
        await eu.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_stays_in_its_region_wherever_it_goes(bool isHeader)
    {
        await using var edge = await Start(StickinessMode.Temporary, isHeader);
        var (_, told) = await Ask(edge, RunningEdge.ClientInLondon, null);

        var (answer, again) = await Ask(edge, RunningEdge.ClientInAshburn, told);

        Assert.Equal(("eu", null), (answer, again));
        Assert.Equal("us", (await Ask(edge, RunningEdge.ClientInAshburn, null)).Answer);
    }

    [Theory]
    [InlineData("Temporary", "eu")]
    [InlineData("Move", "us")]
    public async Task When_its_region_is_back_the_mode_says_whether_the_client_is(string mode, string afterwards)
    {
        await using var edge = await Start(Enum.Parse<StickinessMode>(mode));
        var (_, told) = await Ask(edge, RunningEdge.ClientInLondon, null);
        Order(edge, RegionOverride.Drained);
        var (meanwhile, toldMeanwhile) = await Ask(edge, RunningEdge.ClientInLondon, told);
        Order(edge, RegionOverride.None);

        var (answer, _) = await Ask(edge, RunningEdge.ClientInLondon, toldMeanwhile ?? told);

        Assert.Equal("us", meanwhile);
        Assert.Equal(afterwards, answer);
    }

    [Theory]
    [InlineData("us-east")]
    [InlineData("us-east.")]
    [InlineData("us-east.AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("mars.AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task No_client_chooses_its_region(string forged)
    {
        await using var edge = await Start(StickinessMode.Temporary);

        var (answer, told) = await Ask(edge, RunningEdge.ClientInLondon, forged);

        Assert.Equal("eu", answer);
        Assert.StartsWith("eu-west.", told);
    }

    [Fact]
    public async Task What_another_key_signed_is_not_believed()
    {
        await using var other = await Start(StickinessMode.Temporary, key: "a key of another company");
        var (_, told) = await Ask(other, RunningEdge.ClientInAshburn, null);
        await using var edge = await Start(StickinessMode.Temporary);

        Assert.Equal("eu", (await Ask(edge, RunningEdge.ClientInLondon, told)).Answer);
    }

    [Fact]
    public async Task Without_stickiness_nothing_is_told()
    {
        await using var edge = await Start(StickinessMode.None);

        Assert.Null((await Ask(edge, RunningEdge.ClientInLondon, null)).Told);
    }

    private Task<RunningEdge> Start(StickinessMode mode, bool isHeader = false, string key = "correct horse battery staple")
    {
        var route = RunningEdge.Route() with { Stickiness = new StickinessOptions { Mode = mode, Name = Name, IsHeader = isHeader, Key = key } };
        return RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Http1, eu.Http1), route));
    }

    private static async Task<(string Answer, string? Told)> Ask(RunningEdge edge, string client, string? value)
    {
        var response = await edge.Ask(client: client, also: request =>
        {
            if (value is null) return;
            request.Headers.Add(Name, value);
            request.Headers.Add("Cookie", $"{Name}={value}");
        });
        var cookie = response.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single().Split(';')[0].Split('=')[1] : null;
        var header = response.Headers.TryGetValues(Name, out var said) ? said.Single() : null;
        return (await response.Content.ReadAsStringAsync(), cookie ?? header);
    }

    private static void Order(RunningEdge edge, RegionOverride kind) =>
        Assert.Null(edge.Host.State.Board.Override(new OverrideOrder("eu-west", kind, "a test", "tester", TimeSpan.FromHours(1))).Refusal);
}
