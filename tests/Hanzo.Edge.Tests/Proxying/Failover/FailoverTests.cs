using System.Net;
using System.Text;
using System.Text.Json;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying.Failover;

/// <summary>A region fails after the probes found it well: what the client sees, and what the upstreams see. London's first choice is eu-west.</summary>
public sealed class FailoverTests
{
    private static readonly AttemptOptions Quick = new() { Timeout = TimeSpan.FromMilliseconds(150) };

    [Fact]
    public async Task A_region_that_refuses_connections_is_passed_over()
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(Answer("eu"));
        await using var edge = await Start(us.Address, eu.Address);
        await eu.DisposeAsync();

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal("us", await response.Content.ReadAsStringAsync());
        Assert.Equal(HealthState.Up, edge.Host.State.Snapshots.Current.World.Health.Regions[1].Observed);
        Assert.Equal(["us-east"], response.Headers.GetValues("Hanzo-Region"));
    }

    [Theory]
    [InlineData("POST", "unkeyed", 1)]
    [InlineData("POST", "keyed", 2)]
    [InlineData("PATCH", "unkeyed", 1)]
    [InlineData("PUT", "unkeyed", 2)]
    [InlineData("DELETE", "unkeyed", 2)]
    [InlineData("GET", "unkeyed", 2)]
    public async Task What_may_have_been_executed_is_sent_again_only_if_that_does_no_harm(string method, string key, int sent)
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(Break);
        await using var edge = await Start(us.Address, eu.Address, RunningEdge.Patient with { Deduplicates = true });

        var response = await Send(edge, method, "an order", key == "keyed");

        Assert.Equal(1, eu.Count);
        Assert.Equal(sent - 1, us.Count);
        Assert.Equal(sent == 1 ? HttpStatusCode.BadGateway : HttpStatusCode.OK, response.StatusCode);
        if (sent == 1) Assert.Equal("unknown", await Executed(response));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task What_reached_nobody_is_told_as_not_executed(string method)
    {
        await using var eu = await Counting.Start(Answer("eu"));
        await using var edge = await Start(eu.Address, eu.Address);
        await eu.DisposeAsync();

        var response = await Send(edge, method, "an order", isKeyed: false);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("no", await Executed(response));
    }

    [Theory]
    [InlineData("an order")]
    [InlineData("")]
    public async Task A_post_without_key_is_executed_once_even_on_a_connection_that_was_kept(string body)
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(context => HttpMethods.IsGet(context.Request.Method) ? Answer("eu")(context) : Break(context));
        await using var edge = await Start(us.Address, eu.Address);
        for (var i = 0; i < 3; i++) Assert.Equal("eu", await (await edge.Ask(client: RunningEdge.ClientInLondon)).Content.ReadAsStringAsync());

        var response = await Send(edge, "POST", body, isKeyed: false);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal((4, 0), (eu.Count, us.Count));
    }

    [Fact]
    public async Task A_key_means_nothing_on_a_route_that_does_not_deduplicate()
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(Break);
        await using var edge = await Start(us.Address, eu.Address);

        await Send(edge, "POST", "an order", isKeyed: true);

        Assert.Equal((1, 0), (eu.Count, us.Count));
    }

    [Fact]
    public async Task A_post_that_reached_nobody_goes_on_with_its_body()
    {
        await using var us = await Counting.Start(Echo);
        await using var eu = await Counting.Start(Echo);
        await using var edge = await Start(us.Address, eu.Address);
        await eu.DisposeAsync();

        var response = await Send(edge, "POST", "an order", isKeyed: false);

        Assert.Equal("an order", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_is_sent_again_whole()
    {
        await using var us = await Counting.Start(Echo);
        await using var eu = await Counting.Start(async context => { await Drain(context); context.Abort(); });
        await using var edge = await Start(us.Address, eu.Address);
        var order = new string('o', 60_000);

        var response = await Send(edge, "PUT", order, isKeyed: false);

        Assert.Equal(order, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_too_large_to_keep_is_sent_once()
    {
        await using var us = await Counting.Start(Echo);
        await using var eu = await Counting.Start(async context => { await Drain(context); context.Abort(); });
        await using var edge = await Start(us.Address, eu.Address, RunningEdge.Patient with { MaxReplayBody = 1000 });

        var response = await Send(edge, "PUT", new string('o', 1001), isKeyed: false);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal((1, 0), (eu.Count, us.Count));
    }

    [Fact]
    public async Task A_region_that_does_not_answer_in_time_is_left()
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(Hang);
        await using var edge = await Start(us.Address, eu.Address, Quick);

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal("us", await response.Content.ReadAsStringAsync());
        Assert.Equal((1, 1), (eu.Count, us.Count));
    }

    [Fact]
    public async Task An_answer_that_is_slow_everywhere_is_waited_for_at_the_last_candidate()
    {
        await using var us = await Counting.Start(Slow("us"));
        await using var eu = await Counting.Start(Slow("eu"));
        await using var edge = await Start(us.Address, eu.Address, Quick);

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal("us", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_slow_answer_is_waited_for_where_repeating_could_do_harm()
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(Slow("eu"));
        await using var edge = await Start(us.Address, eu.Address, Quick);

        var response = await Send(edge, "POST", "an order", isKeyed: false);

        Assert.Equal("eu", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_status_that_says_failure_is_not_shown_while_another_region_can_answer(int status)
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(Status(status));
        await using var edge = await Start(us.Address, eu.Address);

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal((HttpStatusCode.OK, "us"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.False(response.Headers.Contains("X-Refused"));
    }

    [Fact]
    public async Task The_last_failure_is_shown_as_it_is()
    {
        await using var us = await Counting.Start(Status(503));
        await using var eu = await Counting.Start(Status(503));
        await using var edge = await Start(us.Address, eu.Address);

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "refused"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(["us-east"], response.Headers.GetValues("Hanzo-Region"));
        Assert.True(response.Headers.Contains("X-Refused"));
        Assert.Equal((1, 1), (eu.Count, us.Count));
    }

    [Fact]
    public async Task Without_leave_of_the_budget_a_failure_is_shown_as_it_is_but_what_reached_nobody_goes_on()
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(Status(503));
        await using var edge = await RunningEdge.Start(Quiet(RunningEdge.Topology(us.Address, eu.Address), RunningEdge.Patient) with { RetryBudget = new RetryBudgetOptions { Share = 0, PerSecond = 0 } });

        var refused = await edge.Ask(client: RunningEdge.ClientInLondon);
        await eu.DisposeAsync();
        var led = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "refused"), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        Assert.Equal("us", await led.Content.ReadAsStringAsync());
        Assert.Equal(1, us.Count);
    }

    [Fact]
    public async Task Any_other_status_is_an_answer()
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(Status(500));
        await using var edge = await Start(us.Address, eu.Address);

        Assert.Equal(HttpStatusCode.InternalServerError, (await edge.Ask(client: RunningEdge.ClientInLondon)).StatusCode);
        Assert.Equal(0, us.Count);
    }

    [Fact]
    public async Task Inside_a_region_another_endpoint_comes_first()
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var broken = await Counting.Start(Break);
        await using var sound = await Counting.Start(Answer("eu"));
        await using var edge = await Start(Regions(us.Address, broken.Address, sound.Address), RunningEdge.Patient);

        for (var i = 0; i < 4; i++) Assert.Equal("eu", await (await edge.Ask(client: RunningEdge.ClientInLondon)).Content.ReadAsStringAsync());

        Assert.Equal(0, us.Count);
    }

    [Fact]
    public async Task The_last_attempt_leaves_a_region_whose_endpoints_fail()
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var one = await Counting.Start(Break);
        await using var two = await Counting.Start(Break);
        await using var three = await Counting.Start(Break);
        await using var edge = await Start(Regions(us.Address, one.Address, two.Address, three.Address), RunningEdge.Patient);

        var response = await edge.Ask(client: RunningEdge.ClientInLondon);

        Assert.Equal("us", await response.Content.ReadAsStringAsync());
        Assert.Equal(2, one.Count + two.Count + three.Count);
    }

    [Fact]
    public async Task Failures_take_the_endpoint_out_without_a_probe()
    {
        await using var us = await Counting.Start(Answer("us"));
        await using var eu = await Counting.Start(Hang);
        await using var edge = await Start(us.Address, eu.Address, Quick);

        // Only an answer in time from elsewhere blames it, which a busy machine may take some requests to give.
        await Eventually.Holds("eu-west is out", async () =>
        {
            await edge.Ask(client: RunningEdge.ClientInLondon);
            return edge.Host.State.Snapshots.Current.World.Health.Regions[1].Observed == HealthState.Down;
        });

        Assert.Equal("us", await (await edge.Ask(client: RunningEdge.ClientInLondon)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Endpoints_are_not_blamed_for_a_request_that_is_slow_everywhere()
    {
        await using var us = await Counting.Start(Slow("us"));
        await using var eu = await Counting.Start(Slow("eu"));
        await using var edge = await Start(us.Address, eu.Address, Quick);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => edge.Ask(client: RunningEdge.ClientInLondon)));

        Assert.All(edge.Host.State.Snapshots.Current.World.Health.Regions, region => Assert.Equal(HealthState.Up, region.Observed));
    }

    [Fact]
    public async Task A_request_whose_time_is_over_is_told_so_with_its_id()
    {
        await using var us = await Counting.Start(Hang);
        var route = RunningEdge.Route();
        route = route with { Route = route.Route with { Timeout = TimeSpan.FromMilliseconds(200) } };
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Address, us.Address), route));

        var response = await edge.Ask();

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("edge-1; error=http_response_timeout", Assert.Single(response.Headers.GetValues("Proxy-Status")));
        Assert.NotEmpty(Assert.Single(response.Headers.GetValues("Request-Id")));
        Assert.Equal("unknown", await Executed(response));
        Assert.Equal(1, us.Count);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_request_that_goes_on_elsewhere_has_there_what_is_left_of_its_time(string method)
    {
        await using var us = await Counting.Start(Hang);
        await using var eu = await Counting.Start(Break);
        var route = RunningEdge.Route();
        route = route with { Attempts = RunningEdge.Patient with { Deduplicates = true }, Route = route.Route with { Timeout = TimeSpan.FromMilliseconds(400) } };
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us.Address, eu.Address), route));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/");
        request.Headers.Add("X-Forwarded-For", RunningEdge.ClientInLondon);
        request.Headers.Add("Idempotency-Key", "k1");

        var response = await edge.Client.SendAsync(request).WaitAsync(Eventually.Patience);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("edge-1; error=http_response_timeout", Assert.Single(response.Headers.GetValues("Proxy-Status")));
        Assert.Equal((1, 1), (eu.Count, us.Count));
    }

    [Fact]
    public async Task A_client_that_uploads_slowly_does_not_spend_the_attempts_time()
    {
        await using var us = await Counting.Start(Echo);
        await using var eu = await Counting.Start(Echo);
        var attempts = new AttemptOptions { Timeout = TimeSpan.FromMilliseconds(600) };
        await using var edge = await Start(us.Address, eu.Address, attempts);
        var upload = new HandFed("text/plain");
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = upload };
        request.Headers.Add("X-Forwarded-For", RunningEdge.ClientInLondon);

        var answer = edge.Client.SendAsync(request);
        await upload.Feed("one ");
        await Task.Delay(attempts.Timeout * 1.5, TimeProvider.System);
        await upload.Feed("two");
        upload.End();

        Assert.Equal("one two", await (await answer).Content.ReadAsStringAsync());
        Assert.Equal((1, 0), (eu.Count, us.Count));
    }

    private static Task<RunningEdge> Start(Uri us, Uri eu, AttemptOptions? attempts = null) => Start(RunningEdge.Topology(us, eu), attempts ?? RunningEdge.Patient);

    // Probes find the regions well at the start and then look away for an hour.
    private static EdgeConfiguration Quiet(Topology topology, AttemptOptions attempts) => RunningEdge.Configured(topology, RunningEdge.Route() with { Attempts = attempts }) with
    {
        Health = new HealthOptions { Probe = new ProbeOptions { Interval = TimeSpan.FromHours(1), FastInterval = TimeSpan.FromHours(1) } },
    };

    private static Task<RunningEdge> Start(Topology topology, AttemptOptions attempts) => RunningEdge.Start(Quiet(topology, attempts));

    private static Topology Regions(Uri us, params IEnumerable<Uri> eu)
    {
        var simple = RunningEdge.Topology(us, us);
        return new Topology(1, [simple.Regions[0], simple.Regions[1] with { Endpoints = [.. eu.Select((address, i) => new RegionEndpoint($"eu-{i}", address))] }], simple.Policy);
    }

    private static Task<HttpResponseMessage> Send(RunningEdge edge, string method, string body, bool isKeyed) => edge.Ask(client: RunningEdge.ClientInLondon, also: request =>
    {
        request.Method = new HttpMethod(method);
        if (isKeyed) request.Headers.Add("Idempotency-Key", "order-17");
        if (method != "GET" && body.Length > 0) request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
    });

    private static async Task<string?> Executed(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("executed").GetString();

    private static RequestDelegate Answer(string text) => context => context.Response.WriteAsync(text);

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Refused"] = "yes";
        return context.Response.WriteAsync("refused");
    };

    private static RequestDelegate Slow(string text) => async context =>
    {
        await Task.Delay(Quick.Timeout * 3, TimeProvider.System, context.RequestAborted);
        await context.Response.WriteAsync(text);
    };

    private static Task Hang(HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

    private static Task Break(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static Task Drain(HttpContext context) => context.Request.Body.CopyToAsync(Stream.Null);

    private static async Task Echo(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync(await reader.ReadToEndAsync());
    }

    /// <summary>An upstream that counts the requests it was given, probes aside.</summary>
    private sealed class Counting : IAsyncDisposable
    {
        private Upstream upstream = null!;
        private int count;

        public Uri Address => upstream.Http1;

        public int Count => Volatile.Read(ref count);

        public static async Task<Counting> Start(RequestDelegate answer)
        {
            var counting = new Counting();
            counting.upstream = await Upstream.Start(context =>
            {
                Interlocked.Increment(ref counting.count);
                return answer(context);
            });
            return counting;
        }

        public ValueTask DisposeAsync() => upstream.DisposeAsync();
    }
}
