using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hanzo.Edge.Tests.Proxying.Direct;
using Hanzo.Testing;

namespace Hanzo.Edge.Tests.Proxying.Plain;

/// <summary>Connections whose requests the edge reads itself, and what becomes of them when one comes that it does not.</summary>
public sealed class PlainConnectionTests
{
    private const string Asked = "GET /a HTTP/1.1\r\nHost: shop\r\n\r\n";
    private const string Hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    /// <summary>What Kestrel goes on with.</summary>
    public static TheoryData<string, string> Others => new()
    {
        { "POST /a HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n", "hello" },
        { "GET /%61 HTTP/1.1\r\nHost: shop\r\n\r\n", "hello" },
        { "GET /a HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", "hello" },
        { "GET /a HTTP/1.0\r\nHost: shop\r\n\r\n", "hello" },
        { "GET /a HTTP/1.1\r\nHost: shop\r\nX: \u00c3\u00a9\r\n\r\n", "hello" },
        { "GET /a HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request" },
        { "TRACE /a HTTP/1.1\r\nHost: shop\r\n\r\n", "method_not_allowed" },
    };

    [Fact]
    public async Task Requests_of_one_connection_are_answered_in_their_order_though_they_come_at_once()
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        world.Endpoint.Answer = request => request.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{request.Path}");
        using var client = await Client.Connect(world.Edge);

        await client.Send(Asked + Asked.Replace("/a", "/b", StringComparison.Ordinal) + Asked.Replace("/a", "/c", StringComparison.Ordinal)[..20]);
        var first = await client.Read("/b");
        await client.Send(Asked[20..]);
        var rest = await client.Read("/c");

        Assert.Equal(2, first.Split("HTTP/1.1 200 OK\r\n").Length - 1);
        Assert.True(first.IndexOf("\r\n\r\n/a", StringComparison.Ordinal) < first.IndexOf("\r\n\r\n/b", StringComparison.Ordinal));
        Assert.Contains("HTTP/1.1 200 OK", rest, StringComparison.Ordinal);
        Assert.Equal(2, await Plain(world.Edge)); // the third came in two pieces
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task The_first_that_is_not_plain_goes_on_with_another_server(string other, string answer)
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        world.Answers(Hello);
        using var client = await Client.Connect(world.Edge);

        await client.Send(Asked);
        Assert.EndsWith("\r\n\r\nhello", await client.Read("hello"), StringComparison.Ordinal);
        await client.Send(other);

        Assert.Contains(answer, await client.Read(answer), StringComparison.Ordinal);
        Assert.Equal(1, await Plain(world.Edge));
    }

    [Fact]
    public async Task A_response_says_what_the_endpoint_says_and_what_the_edge_says()
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        world.Answers("HTTP/1.1 201 Made\r\ncontent-length: 0\r\nETag: \"1\"\r\nVia: 1.1 before\r\nHanzo-Region: mine\r\nRequest-Id: mine\r\nProxy-Status: before\r\nKeep-Alive: timeout=5\r\nAlt-Svc: h3\r\nServer-Timing: db;dur=1\r\n\r\n");
        using var client = await Client.Connect(world.Edge);

        await client.Send("GET /a HTTP/1.1\r\nHost: shop\r\nX-Forwarded-For: 203.0.113.7\r\nRequest-Id: seven\r\n\r\n");
        var lines = (await client.Read("\r\n\r\n")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("HTTP/1.1 201 Made", lines[0]);
        Assert.Equal(["Content-Length: 0", "ETag: \"1\"", "Hanzo-Region: eu-west", "Request-Id: seven", "Server-Timing: db;dur=1", "Via: 1.1 before", "Via: 1.1 edge-1"],
            lines[1..].Where(line => !line.StartsWith("Date: ", StringComparison.Ordinal) && !line.StartsWith("Proxy-Status: ", StringComparison.Ordinal) && !line.StartsWith("Server-Timing: region", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(["Proxy-Status: before", $"Proxy-Status: edge-1; next-hop=\"{world.Endpoint.Address.Authority}\""], lines.Where(line => line.StartsWith("Proxy-Status: ", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.StartsWith("Server-Timing: region;dur=", StringComparison.Ordinal));
        var date = Assert.Single(lines, line => line.StartsWith("Date: ", StringComparison.Ordinal));
        Assert.InRange(DateTimeOffset.ParseExact(date[6..], "r", CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());
        Assert.Equal(1, await Plain(world.Edge));
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n", "HTTP/1.1 204 No Content\r\nDate: now\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nDate: now\r\nContent-Length: 17\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nDate: now\r\nContent-Length: 17\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n")]
    [InlineData("HTTP/1.1 200\r\nDate: now\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 \r\nDate: now\r\nContent-Length: 0\r\n")]
    public async Task A_response_without_content_ends_with_its_head(string said, string told)
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        world.Answers(said, closes: said.Contains("close", StringComparison.Ordinal));
        using var client = await Client.Connect(world.Edge);

        for (var time = 1; time <= 2; time++)
        {
            await client.Send(Asked);
            Assert.StartsWith(told, await client.Read("\r\n\r\n"), StringComparison.Ordinal);
            Assert.Equal(time, await Plain(world.Edge));
        }
    }

    [Fact]
    public async Task Chunks_come_as_chunks_with_what_follows_them()
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        world.Endpoint.Answer = async request =>
        {
            await request.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhel");
            await request.SpellAsync("lo\r\n10\r\n0123456789abcdef\r\n0\r\nChecksum: 17\r\nContent-Length: 3\r\n\r\n");
        };
        using var client = await Client.Connect(world.Edge);

        await client.Send(Asked);
        var answer = await client.Read("0\r\nChecksum: 17\r\n\r\n");

        Assert.Contains("\r\nTransfer-Encoding: chunked\r\n", answer, StringComparison.Ordinal);
        var content = new StringBuilder();
        for (var rest = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]; rest != "0\r\nChecksum: 17\r\n\r\n";)
        {
            var end = rest.IndexOf("\r\n", StringComparison.Ordinal);
            var size = int.Parse(rest[..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            content.Append(rest.AsSpan(end + 2, size));
            Assert.Equal("\r\n", rest.Substring(end + 2 + size, 2));
            rest = rest[(end + 4 + size)..];
        }
        Assert.Equal("hello0123456789abcdef", content.ToString());
        Assert.Equal(1, await Plain(world.Edge));
    }

    [Fact]
    public async Task Much_content_comes_whole_and_the_next_request_after_it()
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        var content = string.Concat(Enumerable.Range(0, 100_000).Select(at => $"{at:x8}"));
        world.Answers($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\n\r\n{content}");
        using var client = await Client.Connect(world.Edge);

        for (var time = 1; time <= 3; time++)
        {
            await client.Send(Asked);
            Assert.EndsWith("\r\n\r\n" + content, await client.Read(content[^8..]), StringComparison.Ordinal);
        }

        Assert.Equal(3, await Plain(world.Edge));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy")]
    public async Task What_one_region_does_not_answer_another_does(string said)
    {
        await using var dead = new RawEndpoint();
        await using var alive = new RawEndpoint();
        dead.Answer = async request =>
        {
            if (said.Length > 0) await request.SendAsync(said);
            else request.Reset();
        };
        alive.Answer = request => request.SendAsync(Hello);
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(dead.Address, alive.Address)));
        using var client = await Client.Connect(edge);

        await client.Send("GET /a HTTP/1.1\r\nHost: shop\r\nX-Forwarded-For: 198.51.100.7\r\nRequest-Id: seven\r\n\r\n");
        var answer = await client.Read("hello");

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nHanzo-Region: eu-west\r\n", answer, StringComparison.Ordinal);
        await Eventually.Holds("the receipt is there", () => edge.Host.State.Receipts.Find("seven") is not null);
        Assert.Single(edge.Host.State.Receipts.Find("seven")!.Value.Failed!);
        Assert.Equal((1, 1), (dead.Requests, alive.Requests));
        Assert.Equal(0, await Plain(edge));
    }

    [Fact]
    public async Task An_endpoint_that_dies_before_its_content_is_answered_for()
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        world.Answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", closes: true);
        using var client = await Client.Connect(world.Edge);

        await client.Send(Asked);

        Assert.StartsWith("HTTP/1.1 502 ", await client.Read("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_does_not_look_whole()
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        world.Answers("HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\nhello", closes: true);
        using var client = await Client.Connect(world.Edge);

        await client.Send(Asked);
        var answer = await client.ReadToEnd();

        Assert.EndsWith("\r\n\r\nhello", answer, StringComparison.Ordinal);
        await InFlight(world.Edge, 0);
    }

    [Fact]
    public async Task A_client_that_leaves_is_waited_for_no_longer()
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        var left = new TaskCompletionSource<bool>();
        world.Endpoint.Answer = async request => left.SetResult(await request.IsLeftAsync());
        using (var client = await Client.Connect(world.Edge))
        {
            await client.Send(Asked);
            await InFlight(world.Edge, 1);
        }

        Assert.True(await left.Task.WaitAsync(Eventually.Patience));
        await InFlight(world.Edge, 0);
    }

    [Fact]
    public async Task A_stopping_edge_ends_what_rests_and_says_so_to_what_does_not()
    {
        await using var world = await EdgeBeforeRawEndpoint.Start();
        var answers = new TaskCompletionSource();
        world.Endpoint.Answer = async request =>
        {
            if (request.Path == "/late") await answers.Task;
            await request.SendAsync(Hello);
        };
        using var resting = await Client.Connect(world.Edge);
        using var busy = await Client.Connect(world.Edge);
        await resting.Send(Asked);
        await resting.Read("hello");
        await busy.Send("GET /late HTTP/1.1\r\nHost: shop\r\n\r\n");
        await InFlight(world.Edge, 1);

        var stopping = world.Edge.Host.StopAsync(CancellationToken.None);

        Assert.Equal("", await resting.ReadToEnd());
        Assert.False(stopping.IsCompleted);
        answers.SetResult();
        var last = await busy.ReadToEnd();
        Assert.Contains("\r\nConnection: close\r\n\r\nhello", last, StringComparison.Ordinal);
        await stopping.WaitAsync(Eventually.Patience);
    }

    private static async Task<int> Plain(RunningEdge edge)
    {
        using var admin = new HttpClient { BaseAddress = edge.Host.Admin };
        // A request is counted once its answer is sent.
        for (var seen = -1; ;)
        {
            var page = await admin.GetStringAsync("/metrics");
            var now = Value(page, "hanzo_edge_plain_requests_total ");
            if (now == seen) return now;
            seen = now;
        }
    }

    private static async Task InFlight(RunningEdge edge, int count)
    {
        using var admin = new HttpClient { BaseAddress = edge.Host.Admin };
        await Eventually.Holds($"{count} under way", async () => Value(await admin.GetStringAsync("/metrics"), "hanzo_edge_requests_in_flight{") == count);
    }

    private static int Value(string page, string series) =>
        page.Split('\n').Where(line => line.StartsWith(series, StringComparison.Ordinal)).Sum(line => int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>A client's connection, byte for byte.</summary>
    private sealed class Client(TcpClient socket) : IDisposable
    {
        private readonly byte[] buffer = new byte[64 * 1024];

        public static async Task<Client> Connect(RunningEdge edge)
        {
            var socket = new TcpClient { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, edge.Address.Port);
            return new Client(socket);
        }

        public ValueTask Send(string words) => socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(words));

        /// <summary>Reads until <paramref name="last"/> came.</summary>
        public async Task<string> Read(string last)
        {
            var said = new StringBuilder();
            while (!said.ToString().Contains(last, StringComparison.Ordinal))
            {
                var count = await socket.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Eventually.Patience);
                Assert.True(count > 0, $"it ended with: {said}");
                said.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
            return said.ToString();
        }

        public async Task<string> ReadToEnd()
        {
            var said = new StringBuilder();
            while (await socket.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Eventually.Patience) is > 0 and var count) said.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return said.ToString();
        }

        public void Dispose() => socket.Dispose();
    }
}
