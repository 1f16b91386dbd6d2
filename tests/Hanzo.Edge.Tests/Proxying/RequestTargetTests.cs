using Hanzo.Edge.Tests.Proxying.Direct;
using Hanzo.Testing;

namespace Hanzo.Edge.Tests.Proxying;

/// <summary>What an endpoint is asked for. GET goes by the edge's own client, POST by the general one: both ask for the same.</summary>
public sealed class RequestTargetTests(EdgeBeforeRawEndpoint world) : IClassFixture<EdgeBeforeRawEndpoint>
{
    [Theory]
    [InlineData("/a%2Fb%2fc")]
    [InlineData("/a%252Fb")]
    [InlineData("/50%25")]
    [InlineData("/what%3F?and=%3F")]
    [InlineData("/%E4%BD%A0/%FC")]
    [InlineData("/%41%7e")]
    [InlineData("//twice//")]
    [InlineData("/a;b=1/!$&'()*+,=:@")]
    [InlineData("/?q=[1]|{2}&r=a+b%20c&s=%2B")]
    [InlineData("/file.tar.gz?")]
    public async Task A_target_goes_on_as_the_client_wrote_it(string target) => Assert.Equal([target, target], await Asked(target));

    [Theory]
    [InlineData("/a/./b/../c/%2E%2e/d%2Fe?x=../y", "/a/d%2Fe?x=../y")]
    [InlineData("/../..", "/")]
    [InlineData("/a/b/.", "/a/b/")]
    [InlineData("/.hidden/...", "/.hidden/...")]
    public async Task Dot_segments_are_resolved_as_they_are_for_the_choice_of_the_route(string target, string asked) => Assert.Equal([asked, asked], await Asked(target));

    [Theory]
    [InlineData("http://shop", "/")]
    [InlineData("http://shop?q=%2F", "/?q=%2F")]
    [InlineData("http://shop/a%2Fb?c", "/a%2Fb?c")]
    public async Task A_target_in_absolute_form_asks_for_its_path(string target, string asked) => Assert.Equal([asked, asked], await Asked(target));

    [Theory]
    [InlineData("/a\"b<c>", "/a%22b%3Cc%3E")]
    [InlineData("/a%zz", "/a%25zz")]
    public async Task What_may_not_stand_in_a_target_is_escaped(string target, string asked) => Assert.Equal([asked, asked], await Asked(target));

    [Fact]
    public async Task A_target_that_is_not_ASCII_is_refused()
    {
        var answer = await world.Edge.Raw("GET /\u00fc HTTP/1.1\r\nHost: shop\r\n\r\n").WaitAsync(Eventually.Patience);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("http://shop")]
    public async Task Options_of_the_server_as_a_whole_are_the_edges(string target)
    {
        var before = world.Endpoint.Requests;

        var answer = await world.Edge.Raw($"OPTIONS {target} HTTP/1.1\r\nHost: shop\r\n\r\n").WaitAsync(Eventually.Patience);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("Allow: GET, HEAD", answer, StringComparison.Ordinal);
        Assert.Equal(before, world.Endpoint.Requests);
    }

    [Theory]
    [InlineData("/api/a%2Fb?c=%2F", "/a%2Fb?c=%2F")]
    [InlineData("/api/a%252Fb", "/a%252Fb")]
    [InlineData("/api/a%20b", "/a%20b")]
    [InlineData("/other/a%2Fb", "/other/a%2Fb")]
    public async Task A_transform_of_the_path_leaves_the_rest_as_it_was_written(string target, string asked)
    {
        await using var endpoint = new RawEndpoint();
        var heard = Hears(endpoint);
        var route = RunningEdge.Route(new Dictionary<string, string> { ["PathRemovePrefix"] = "/api" });
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(endpoint.Address, endpoint.Address), route));

        await edge.Raw($"GET {target} HTTP/1.1\r\nHost: shop\r\n\r\n").WaitAsync(Eventually.Patience);

        Assert.Equal([asked], heard);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task An_endpoint_with_a_path_is_asked_below_it(string method)
    {
        await using var endpoint = new RawEndpoint();
        var heard = Hears(endpoint);
        var address = new Uri(endpoint.Address, "/base/");
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(address, address)));

        await edge.Raw($"{method} /a%2Fb HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n").WaitAsync(Eventually.Patience);

        Assert.Equal(["/base/a%2Fb"], heard);
    }

    private async Task<List<string>> Asked(string target)
    {
        var heard = Hears(world.Endpoint);
        foreach (var method in (string[])["GET", "POST"])
            await world.Edge.Raw($"{method} {target} HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n").WaitAsync(Eventually.Patience);
        return heard;
    }

    private static List<string> Hears(RawEndpoint endpoint)
    {
        var heard = new List<string>();
        endpoint.Answer = request =>
        {
            heard.Add(request.Path);
            return request.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };
        return heard;
    }
}
