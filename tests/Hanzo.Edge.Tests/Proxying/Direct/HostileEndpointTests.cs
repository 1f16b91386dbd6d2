using System.Net;
using System.Text;
using Hanzo.Testing;

namespace Hanzo.Edge.Tests.Proxying.Direct;

/// <summary>Endpoints that answer slowly, wrongly or with intent: what the client gets is right or an error, and the next client's answer is its own.</summary>
public sealed class HostileEndpointTests(EdgeBeforeRawEndpoint world) : IClassFixture<EdgeBeforeRawEndpoint>
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    public static TheoryData<string, string> Good => new()
    {
        { $"{Ok}Content-Length: 5\r\n\r\nhello", "hello" },
        { $"{Ok}content-length:5\r\nX-Empty:\r\n\r\nhello", "hello" },
        { $"{Ok}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        { "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        { "HTTP/1.1 200 Fine, thank you\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        { $"{Ok}Content-Length: 0\r\n\r\n", "" },
        { $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello" },
        { $"{Ok}Transfer-Encoding: Chunked\r\n\r\n0002\r\nhe\r\n3;name=\"value\"\r\nllo\r\n0;last\r\nChecksum: 17\r\n\r\n", "hello" },
        { $"{Ok}Transfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a" },
        { "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello" },
    };

    // Whether an attacker could make the edge and somebody behind or before it read different messages.
    public static TheoryData<string> Refused =>
    [
        "",
        "\r\n",
        "hello\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 +20 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        $"{Ok}Content-Length: 0\r\n",
        $"{Ok}Content-Length: 0\nX: y\r\n\r\n",
        $"{Ok}X: a\rContent-Length: 0\r\n\r\n",
        $"{Ok}X: a\0b\r\nContent-Length: 0\r\n\r\n",
        $"{Ok}X: a\r\n folded\r\nContent-Length: 0\r\n\r\n",
        $"{Ok} X: a\r\nContent-Length: 0\r\n\r\n",
        $"{Ok}X : a\r\nContent-Length: 0\r\n\r\n",
        $"{Ok}Content-Length : 0\r\n\r\n",
        $"{Ok}: a\r\nContent-Length: 0\r\n\r\n",
        $"{Ok}X\r\nContent-Length: 0\r\n\r\n",
        $"{Ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        $"{Ok}Content-Length: 5, 5\r\n\r\nhello",
        $"{Ok}Content-Length: -5\r\n\r\nhello",
        $"{Ok}Content-Length: +5\r\n\r\nhello",
        $"{Ok}Content-Length: 0x5\r\n\r\nhello",
        $"{Ok}Content-Length: five\r\n\r\nhello",
        $"{Ok}Content-Length:\r\n\r\nhello",
        $"{Ok}Content-Length: 99999999999999999999\r\n\r\nhello",
        $"{Ok}Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked, identity\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: \u000bchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: upgrade\r\n\r\n",
        string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 17)) + $"{Ok}Content-Length: 0\r\n\r\n",
        $"{Ok}{string.Concat(Enumerable.Range(0, 201).Select(at => $"X-{at}: a\r\n"))}Content-Length: 0\r\n\r\n",
        $"{Ok}X: {new string('a', 70_000)}\r\nContent-Length: 0\r\n\r\n",
        $"{Ok}X: {new string('a', 70_000)}",
    ];

    // After the head: too late for another status, so the client must see a message that does not end.
    public static TheoryData<string> BrokenContent =>
    [
        $"{Ok}Content-Length: 6\r\n\r\nhello",
        $"{Ok}Content-Length: 6\r\n\r\n",
        $"{Ok}Content-Length: 200000\r\n\r\n{new string('a', 100_000)}",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5 hello\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5;{new string('a', 9_000)}\r\nhello\r\n0\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nno trailer\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: a\r\n folded\r\n\r\n",
        $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n{string.Concat(Enumerable.Repeat("X: a\r\n", 101))}\r\n",
    ];

    // Each with what a client would take for its own answer if the connection were used again.
    public static TheoryData<string, string> Overlong => new()
    {
        { $"{Ok}Content-Length: 5\r\n\r\nhello{Ok}Content-Length: 3\r\n\r\nbad", "hello" },
        { $"{Ok}Content-Length: 5\r\n\r\nhello\r\n", "hello" },
        { $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n{Ok}Content-Length: 3\r\n\r\nbad", "hello" },
        { $"{Ok}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello" },
        { $"{Ok}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello" },
        { "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", "" },
        { "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello", "" },
        { "HTTP/1.1 205 Reset Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "" },
        { $"{Ok}Connection: close\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        { $"{Ok}Connection: x-other, Close\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        { "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_good_answer_is_read_however_it_is_cut_into_pieces(string answer, string content)
    {
        world.Endpoint.Answer = request => request.SpellAsync(answer);

        for (var turn = 0; turn < 2; turn++)
        {
            var response = await world.Edge.Ask($"/{turn}").WaitAsync(Eventually.Patience);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(content, await response.Content.ReadAsStringAsync().WaitAsync(Eventually.Patience));
        }
    }

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_connection_is_used_again_after_a_good_answer(string answer, string content)
    {
        List<int> connections = [];
        world.Endpoint.Answer = request =>
        {
            connections.Add(request.Connection);
            return request.SendAsync(answer);
        };

        for (var turn = 0; turn < 3; turn++) Assert.Equal(content, await world.Edge.Client.GetStringAsync($"/{turn}").WaitAsync(Eventually.Patience));

        Assert.Single(connections.Skip(1).Distinct()); // the first may have met one that an earlier test has spoilt
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_head_that_breaks_the_rules_is_a_bad_gateway(string answer)
    {
        world.Answers(answer, closes: true);

        var response = await world.Edge.Ask().WaitAsync(Eventually.Patience);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(BrokenContent))]
    public async Task Broken_content_never_looks_whole(string answer)
    {
        world.Answers(answer, closes: true);

        try
        {
            using var response = await world.Edge.Client.GetAsync("/").WaitAsync(Eventually.Patience);
            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        }
        catch (HttpRequestException cut)
        {
            Assert.NotEqual(HttpRequestError.ConnectionError, cut.HttpRequestError);
        }
    }

    [Theory]
    [MemberData(nameof(Overlong))]
    public async Task What_comes_after_an_answer_is_nobodys_answer(string answer, string content)
    {
        List<int> connections = [];
        world.Endpoint.Answer = request =>
        {
            lock (connections) connections.Add(request.Connection);
            return request.SendAsync(request.Path == "/first" ? answer : $"{Ok}Content-Length: 4\r\n\r\nmine");
        };

        var first = await world.Edge.Ask("/first").WaitAsync(Eventually.Patience);
        Assert.Equal(content, await first.Content.ReadAsStringAsync());
        Assert.Equal("mine", await world.Edge.Client.GetStringAsync("/second").WaitAsync(Eventually.Patience));

        Assert.Equal(2, connections.Distinct().Count());
    }

    [Fact]
    public async Task Content_without_a_length_ends_with_its_connection()
    {
        world.Answers($"{Ok}\r\n{new string('a', 100_000)}", closes: true);

        Assert.Equal(100_000, (await world.Edge.Client.GetStringAsync("/").WaitAsync(Eventually.Patience)).Length);
    }

    [Theory]
    [InlineData($"{Ok}Content-Length: 5\r\n\r\n")]
    [InlineData($"{Ok}Transfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    public async Task An_answer_to_HEAD_has_no_content_and_keeps_its_connection(string head)
    {
        List<int> connections = [];
        world.Endpoint.Answer = request =>
        {
            connections.Add(request.Connection);
            return request.SendAsync(request.Head.StartsWith("HEAD ", StringComparison.Ordinal) ? head : $"{Ok}Content-Length: 4\r\n\r\nmine");
        };

        await world.Edge.Client.GetStringAsync("/").WaitAsync(Eventually.Patience);
        using var asked = new HttpRequestMessage(HttpMethod.Head, "/");
        var response = await world.Edge.Client.SendAsync(asked).WaitAsync(Eventually.Patience);
        Assert.Equal("mine", await world.Edge.Client.GetStringAsync("/").WaitAsync(Eventually.Patience));

        Assert.Equal(head.Contains("Length", StringComparison.Ordinal) ? 5 : null, response.Content.Headers.ContentLength);
        Assert.Single(connections.Skip(1).Distinct());
    }

    [Fact]
    public async Task What_an_endpoint_says_of_its_own_connection_stays_there()
    {
        world.Answers($"{Ok}Connection: keep-alive, X-Inner\r\nKeep-Alive: timeout=5\r\nX-Inner: secret\r\nX-Outer: public\r\nProxy-Authenticate: Basic\r\nContent-Length: 3\r\n\r\nyes");

        var answered = await world.Edge.Raw("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", untilClosed: true).WaitAsync(Eventually.Patience);

        Assert.Contains("X-Outer: public", answered, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answered, StringComparison.Ordinal);
        Assert.DoesNotContain("timeout=5", answered, StringComparison.Ordinal);
        Assert.DoesNotContain("Proxy-Authenticate", answered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_that_come_more_than_once_stay_apart_and_in_order()
    {
        world.Answers($"{Ok}Set-Cookie: a=1\r\nX: y\r\nset-cookie: b=2, c\r\nContent-Length: 0\r\n\r\n");

        var response = await world.Edge.Ask().WaitAsync(Eventually.Patience);

        Assert.Equal(["a=1", "b=2, c"], response.Headers.GetValues("Set-Cookie").Take(2));
    }

    [Fact]
    public async Task A_request_asks_for_what_the_client_asked_for()
    {
        var heard = new StringBuilder();
        world.Endpoint.Answer = request =>
        {
            heard.Append(request.Head);
            return request.SendAsync($"{Ok}Content-Length: 0\r\n\r\n");
        };

        await world.Edge.Raw("GET /a/./b/c%20d?q=%C3%BC&x=[1] HTTP/1.1\r\nHost: shop.test:81\r\nX-Two: a\r\nX-Two: b\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close, X-Inner\r\nX-Inner: secret\r\n\r\n", untilClosed: true).WaitAsync(Eventually.Patience);

        var lines = heard.ToString().Split("\r\n");
        Assert.Equal("GET /a/b/c%20d?q=%C3%BC&x=[1] HTTP/1.1", lines[0]);
        Assert.Equal("Host: shop.test:81", lines[1]);
        Assert.Contains("X-Two: a, b", lines);
        Assert.Contains("Cookie: a=1; b=2", lines);
        Assert.DoesNotContain("secret", heard.ToString(), StringComparison.Ordinal);
        Assert.Single(lines, line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase));
    }
}
