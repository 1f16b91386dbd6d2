using System.Net;
using System.Text.Json;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Steering;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class SteeringStageTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:1");

    [Theory]
    [InlineData(RunningEdge.ClientInLondon, "eu-west")]
    [InlineData(RunningEdge.ClientInAshburn, "us-east")]
    [InlineData(null, "us-east")]
    public async Task A_request_goes_to_the_nearest_region(string? client, string region)
    {
        await using var us = await Upstream.Start(context => context.Response.WriteAsync("us-east"));
        await using var eu = await Upstream.Start(context => context.Response.WriteAsync("eu-west"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Http1, eu.Http1)));

        var response = await edge.Ask("/x?q=1", client);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(region, await response.Content.ReadAsStringAsync());
        Assert.Equal([region], response.Headers.GetValues("Hanzo-Region"));
        Assert.Matches(@"^region;dur=\d+(\.\d+)?$", Assert.Single(response.Headers.GetValues("Server-Timing")));
        Assert.StartsWith("edge-1; next-hop=\"127.0.0.1:", Assert.Single(response.Headers.GetValues("Proxy-Status")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_untrusted_client_cannot_say_where_it_is_and_is_told_no_hop()
    {
        await using var us = await Upstream.Start(context => context.Response.WriteAsync("us-east"));
        await using var eu = await Upstream.Start(context => context.Response.WriteAsync("eu-west"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Http1, eu.Http1), trustsLoopback: false));

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal("us-east", await response.Content.ReadAsStringAsync());
        Assert.Equal("edge-1", Assert.Single(response.Headers.GetValues("Proxy-Status")));
        Assert.False(response.Headers.Contains("Server-Timing"));
    }

    [Fact]
    public async Task An_unhealthy_region_is_not_chosen()
    {
        await using var us = await Upstream.Start(context => context.Response.WriteAsync("us-east"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Http1, Nowhere)));
        await Eventually.Holds("eu-west is down", () => Task.FromResult(edge.Host.State.Snapshots.Current.World.Health.Regions[1].Observed == HealthState.Down));

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal("us-east", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Where_no_region_may_serve_the_request_is_refused_with_a_reason_and_a_time()
    {
        await using var us = await Upstream.Start(context => context.Response.WriteAsync("us-east"));
        var policy = new SteeringPolicy
        {
            DefaultPlace = Cities.Place("ashburn"),
            Networks = [new NetworkRule { Network = IPNetwork.Parse("203.0.113.0/24"), Allowed = new RegionSet(["eu-west"], []) }],
        };
        var route = RunningEdge.Route() with { WhenNoneHealthy = WhenNoneHealthy.Refuse };
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Http1, Nowhere, policy: policy), route));
        await Eventually.Holds("eu-west is down", () => Task.FromResult(edge.Host.State.Snapshots.Current.World.Health.Regions[1].Observed == HealthState.Down));

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("edge-1; error=destination_unavailable", Assert.Single(response.Headers.GetValues("Proxy-Status")));
        Assert.True(response.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("urn:hanzo:edge:problem:destination_unavailable", problem.GetProperty("type").GetString());
        Assert.Equal(503, problem.GetProperty("status").GetInt32());
        Assert.Equal(Assert.Single(response.Headers.GetValues("Request-Id")), problem.GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task A_region_that_refuses_connections_is_told_as_such_and_no_address_leaks()
    {
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(Nowhere, Nowhere), trustsLoopback: false));

        var response = await edge.Ask();

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("edge-1; error=connection_refused", Assert.Single(response.Headers.GetValues("Proxy-Status")));
        Assert.DoesNotContain("127.0.0.1", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_that_answers_too_late_is_told_as_such()
    {
        await using var us = await Upstream.Start(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        var route = RunningEdge.Route() with { Forwarder = new ForwarderOptions { ActivityTimeout = TimeSpan.FromMilliseconds(200) } };
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Http1, us.Http1), route));

        var response = await edge.Ask();

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("edge-1; error=http_response_timeout", Assert.Single(response.Headers.GetValues("Proxy-Status")));
    }

    [Fact]
    public async Task The_receipt_of_a_request_says_how_it_was_decided_and_how_it_ended()
    {
        await using var us = await Upstream.Start(context => context.Response.WriteAsync("us-east"));
        await using var eu = await Upstream.Start(context => { context.Response.StatusCode = 418; return Task.CompletedTask; });
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Http1, eu.Http1)));

        var response = await edge.Ask(client: RunningEdge.ClientInLondon, also: request => request.Headers.Add("Request-Id", "order-17"));
        await response.Content.ReadAsStringAsync();

        await Eventually.Holds("the receipt is there", () => Task.FromResult(edge.Host.State.Receipts.Find("order-17") is not null));
        var receipt = edge.Host.State.Receipts.Find("order-17")!.Value;
        Assert.Equal("order-17", Assert.Single(response.Headers.GetValues("Request-Id")));
        Assert.Equal((1, "eu-1", 418, "all"), (receipt.Region, receipt.Endpoint, receipt.Status, receipt.Route));
        Assert.Equal((2, 2, CandidateReason.Nearest), (receipt.Count, receipt.Eligible, receipt.Candidates[0].Reason));
        Assert.Equal("GB", receipt.Country.Text);
    }

    [Fact]
    public async Task The_metrics_page_counts_requests_by_route_region_and_continent()
    {
        await using var us = await Upstream.Start(context => context.Response.WriteAsync("us-east"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Http1, us.Http1)));
        await (await edge.Ask(client: RunningEdge.ClientInLondon)).Content.ReadAsStringAsync();

        using var admin = new HttpClient { BaseAddress = edge.Host.Admin };
        await Eventually.Holds("the request is counted", async () =>
            (await admin.GetStringAsync("/metrics")).Contains("""hanzo_edge_requests_total{route="all",region="eu-west",continent="EU",code="2xx"} 1""", StringComparison.Ordinal));
        Assert.Contains("""hanzo_edge_region_state{region="us-east",state="up"}""", await admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }
}
