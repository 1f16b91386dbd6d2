using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class HeaderTests
{
    [Fact]
    public async Task A_direct_client_is_described_to_the_endpoint_and_what_it_forged_is_not()
    {
        var seen = await Seen(trusted: false, request =>
        {
            request.Headers.Add("X-Forwarded-For", "1.2.3.4");
            request.Headers.Add("X-Forwarded-Prefix", "/admin");
            request.Headers.Add("X-Real-IP", "1.2.3.4");
            request.Headers.Add("Forwarded", "for=1.2.3.4");
            request.Headers.Add("Hanzo-Region", "mars");
            request.Headers.Add("Hanzo-Session", "abc");
            request.Headers.Add("Request-Id", "mine");
            request.Headers.Host = "shop.example:80";
        });

        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("http", seen["X-Forwarded-Proto"]);
        Assert.Equal("shop.example:80", seen["X-Forwarded-Host"]);
        Assert.Equal("for=127.0.0.1;proto=http;host=\"shop.example:80\"", seen["Forwarded"]);
        Assert.Equal("shop.example:80", seen["Host"]);
        Assert.Equal("1.1 edge-1", seen["Via"]);
        Assert.Equal("abc", seen["Hanzo-Session"]);
        Assert.NotEqual("mine", seen["Request-Id"]);
        Assert.DoesNotContain("X-Forwarded-Prefix", seen.Keys);
        Assert.DoesNotContain("X-Real-IP", seen.Keys);
        Assert.DoesNotContain("Hanzo-Region", seen.Keys);
    }

    [Fact]
    public async Task A_trusted_proxys_chain_is_kept_and_the_proxy_appended()
    {
        var seen = await Seen(trusted: true, request =>
        {
            request.Headers.Add("X-Forwarded-For", "2001:db8::1, 198.51.100.7");
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("Via", "1.1 cdn");
            request.Headers.Host = "shop.example";
        });

        Assert.Equal("2001:db8::1, 198.51.100.7, 127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("https", seen["X-Forwarded-Proto"]);
        Assert.Equal("for=\"[2001:db8::1]\", for=198.51.100.7, for=127.0.0.1;proto=http;host=\"shop.example\"", seen["Forwarded"]);
        Assert.Equal("1.1 cdn, 1.1 edge-1", seen["Via"]);
    }

    [Fact]
    public async Task What_belongs_to_one_hop_goes_no_further()
    {
        var seen = new ConcurrentDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var upstream = await Upstream.Start(context => Record(context, seen));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)));

        var answer = await edge.Raw(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Mine, Host\r\nX-Mine: 1\r\nX-Other: 2\r\nTE: trailers\r\n"
            + "Proxy-Authorization: Basic abc\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Mine", seen.Keys);
        Assert.DoesNotContain("Proxy-Authorization", seen.Keys);
        Assert.DoesNotContain("TE", seen.Keys);
        Assert.Equal("2", seen["X-Other"]);
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", seen["traceparent"]);
        Assert.Equal("a", seen["Host"]);
    }

    [Fact]
    public async Task A_request_without_content_keeps_its_content_fields()
    {
        var seen = await Seen(trusted: false, request =>
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("Hanzo-Region", "mars");
        });

        Assert.Equal("application/json", seen["Content-Type"]);
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.DoesNotContain("Hanzo-Region", seen.Keys);
    }

    [Fact]
    public async Task A_routes_own_transforms_see_what_the_edge_carries_and_have_the_last_word()
    {
        var route = RunningEdge.Route(
            new Dictionary<string, string> { ["PathPrefix"] = "/inner" },
            new Dictionary<string, string> { ["RequestHeader"] = "X-Forwarded-Host", ["Set"] = "fixed" },
            new Dictionary<string, string> { ["ResponseHeader"] = "X-Added", ["Set"] = "yes", ["When"] = "Always" });
        var seen = new ConcurrentDictionary<string, string>();
        await using var upstream = await Upstream.Start(context => Record(context, seen));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1), route));

        var response = await edge.Ask("/a?b=c");

        Assert.Equal("/inner/a?b=c", seen[":path"]);
        Assert.Equal("fixed", seen["X-Forwarded-Host"]);
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal(edge.Address.Authority, seen["Host"]);
        Assert.Equal(["yes"], response.Headers.GetValues("X-Added"));
        Assert.Equal(["us-east"], response.Headers.GetValues("Hanzo-Region"));
    }

    [Fact]
    public async Task A_response_says_the_way_it_came_and_loses_what_was_for_one_hop()
    {
        await using var upstream = await Upstream.Start(context =>
        {
            var headers = context.Response.Headers;
            headers.Connection = "X-Hop";
            headers["X-Hop"] = "1";
            headers.AltSvc = "h3=\":443\"";
            headers["Proxy-Status"] = "inner; error=dns_error";
            headers["Hanzo-Region"] = "forged";
            headers.SetCookie = new(["a=1", "b=2"]);
            return context.Response.WriteAsync("x");
        });
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1), trustsLoopback: false));

        var response = await edge.Ask();

        Assert.False(response.Headers.Contains("X-Hop"));
        Assert.False(response.Headers.Contains("Alt-Svc"));
        Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
        Assert.Equal(["inner; error=dns_error", "edge-1"], response.Headers.GetValues("Proxy-Status"));
        Assert.Equal(["us-east"], response.Headers.GetValues("Hanzo-Region"));
        Assert.Equal("1.1 edge-1", Assert.Single(response.Headers.GetValues("Via")));
    }

    [Theory]
    [InlineData("Connection: keep-alive, X-Mine\r\n")]
    [InlineData("Connection: X-Mine,keep-alive\r\n")]
    [InlineData("Connection: keep-alive\r\nConnection: X-Mine\r\n")]
    [InlineData("Connection: X-Mine\r\nConnection: keep-alive\r\n")]
    [InlineData("Connection: close, X-Mine\r\n")]
    [InlineData("Connection: keep-alive, close, X-Mine\r\n")]
    [InlineData("Connection: Upgrade, X-Mine\r\nUpgrade: nothing-known\r\n")]
    [InlineData("Connection: Keep-Alive, X-Mine, X-Other\r\n")]
    public async Task What_Connection_names_beside_an_option_goes_no_further(string connection)
    {
        var seen = new ConcurrentDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var upstream = await Upstream.Start(context => Record(context, seen));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)));

        var answer = await edge.Raw($"GET / HTTP/1.1\r\nHost: a\r\nX-Mine: 1\r\n{connection}X-Third: 3\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Mine", seen.Keys);
        Assert.Equal("3", seen["X-Third"]);
    }

    [Fact]
    public async Task What_one_request_names_in_Connection_is_not_taken_from_the_next_on_the_same_connection()
    {
        var seen = new ConcurrentDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var upstream = await Upstream.Start(context => Record(context, seen));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)));

        await edge.Raw(
            "GET /first HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\n\r\n"
            + "GET /second HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nX-Mine: 2\r\n\r\n"
            + "GET /third HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", untilClosed: true);

        Assert.Equal("/third", seen[":path"]);
        Assert.Equal("2", seen["X-Mine"]);
    }

    [Fact]
    public async Task Options_that_may_go_no_further_is_answered_by_the_edge()
    {
        await using var upstream = await Upstream.Start(context => context.Response.WriteAsync("reached"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)));
        using var request = new HttpRequestMessage(HttpMethod.Options, "/");
        request.Headers.Add("Max-Forwards", "0");

        var response = await edge.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Contains("GET", response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("CONNECT")]
    public async Task A_method_that_no_edge_forwards_is_refused(string method)
    {
        await using var upstream = await Upstream.Start(context => context.Response.WriteAsync("reached"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)));

        var answer = await edge.Raw($"{method} {(method == "CONNECT" ? "a:80" : "/")} HTTP/1.1\r\nHost: a{(method == "CONNECT" ? ":80" : "")}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 405", answer, StringComparison.Ordinal);
        Assert.Contains("Allow: GET", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_may_go_further_goes_on_with_one_hop_less()
    {
        var seen = new ConcurrentDictionary<string, string>();
        await using var upstream = await Upstream.Start(context => Record(context, seen));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)));
        using var request = new HttpRequestMessage(HttpMethod.Options, "/");
        request.Headers.Add("Max-Forwards", "3");

        var response = await edge.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("2", seen["Max-Forwards"]);
    }

    private static async Task<ConcurrentDictionary<string, string>> Seen(bool trusted, Action<HttpRequestMessage> also)
    {
        var seen = new ConcurrentDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var upstream = await Upstream.Start(context => Record(context, seen));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1), trustsLoopback: trusted));
        var response = await edge.Ask(also: also);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return seen;
    }

    private static Task Record(HttpContext context, ConcurrentDictionary<string, string> seen)
    {
        foreach (var (name, value) in context.Request.Headers) seen[name] = value.ToString();
        seen[":path"] = context.Request.Path + context.Request.QueryString;
        return Task.CompletedTask;
    }
}
