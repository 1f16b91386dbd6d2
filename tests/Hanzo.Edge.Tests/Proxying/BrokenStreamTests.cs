using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Tests.Proxying.Direct;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying;

/// <summary>A region dies while it answers: the client must see that the answer is broken, in the words of its protocol.</summary>
public sealed class BrokenStreamTests
{
    // The region dies once the client has a part: before that, the request would go elsewhere.
    private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_gRPC_call_whose_region_dies_ends_as_unavailable()
    {
        await using var server = await Upstream.Start(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync("one"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await seen.Task;
            context.Abort();
        });
        await using var edge = await Edge(server.Http2, "2.0");

        using var response = await Call(edge);

        var answers = await response.Content.ReadAsStreamAsync();
        var message = new byte[3];
        Assert.Equal(3, await answers.ReadAtLeastAsync(message, 3).AsTask().WaitAsync(Eventually.Patience));
        seen.SetResult();

        Assert.Equal(0, await answers.ReadAsync(message).AsTask().WaitAsync(Eventually.Patience));
        Assert.Equal(["14"], response.TrailingHeaders.GetValues("grpc-status"));
    }

    [Fact]
    public async Task A_gRPC_call_that_no_region_takes_is_answered_as_unavailable()
    {
        var server = await Upstream.Start(_ => Task.CompletedTask);
        await using var edge = await Edge(server.Http2, "2.0");
        await server.DisposeAsync();

        using var response = await Call(edge);

        Assert.Equal((HttpStatusCode.OK, "application/grpc"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(["14"], response.Headers.GetValues("grpc-status"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_answer_whose_region_dies_is_never_taken_for_whole(string version)
    {
        await using var server = await Upstream.Start(async context =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await seen.Task;
            context.Abort();
        });
        await using var edge = await Edge(server.Http1, "1.1");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await edge.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Eventually.Patience);
        var answer = await response.Content.ReadAsStreamAsync();
        Assert.Equal(4, await answer.ReadAtLeastAsync(new byte[4], 4).AsTask().WaitAsync(Eventually.Patience));
        seen.SetResult();

        await Assert.ThrowsAnyAsync<IOException>(() => answer.ReadAsync(new byte[4]).AsTask().WaitAsync(Eventually.Patience));
    }

    [Theory]
    [InlineData("an event stream", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9C40\r\n")]
    [InlineData("a download", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")]
    [InlineData("a response without a length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n9C40\r\n")]
    public async Task What_came_of_a_broken_answer_can_be_read_to_its_last_byte(string what, string head)
    {
        await using var endpoint = new RawEndpoint { Answer = Break(head + new string('x', 40_000)) };
        await using var edge = await Edge(endpoint.Address, "1.1");

        var answer = await ReadLate(edge, "GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

        Assert.True(answer.Count(c => c == 'x') >= 40_000, what);
        Assert.DoesNotContain("\r\n0\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_answer_that_ends_with_its_connection_is_reset()
    {
        await using var endpoint = new RawEndpoint { Answer = Break($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc") };
        await using var edge = await Edge(endpoint.Address, "1.1");

        await Assert.ThrowsAsync<IOException>(() => ReadLate(edge, "GET / HTTP/1.0\r\nHost: shop\r\n\r\n"));
    }

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", false)]
    [InlineData("2.0", true)]
    public async Task A_WebSocket_whose_region_dies_is_closed_by_the_book_and_a_new_one_is_served(string version, bool isReset)
    {
        await using var endpoint = new RawEndpoint { Answer = request => Switch(request, "\u0081\u0005hello", isReset && request.Connection == 1) };
        await using var edge = await Edge(endpoint.Address, "1.1");

        for (var i = 0; i < 2; i++)
        {
            using var socket = await Connect(edge, version);
            Assert.Equal("hello", await Text(socket));
            if (i == 0) seen.SetResult();
            await socket.ReceiveAsync(new byte[64].AsMemory(), default).AsTask().WaitAsync(Eventually.Patience);
            Assert.Equal((WebSocketCloseStatus.InternalServerError, "The region broke off."), (socket.CloseStatus, socket.CloseStatusDescription));
            await socket.CloseAsync(WebSocketCloseStatus.InternalServerError, null, default).WaitAsync(Eventually.Patience);
        }
    }

    [Theory]
    [InlineData("a frame that is cut", "\u0081\u0005hello\u0081\u0005wor")]
    [InlineData("a head that is cut", "\u0081\u0005hello\u0081")]
    public async Task A_WebSocket_whose_region_dies_inside_a_frame_is_not_given_a_frame_of_ours(string what, string words)
    {
        await using var endpoint = new RawEndpoint { Answer = request => Switch(request, words, isReset: false) };
        await using var edge = await Edge(endpoint.Address, "1.1");

        using var socket = await Connect(edge, "1.1");
        Assert.Equal("hello", await Text(socket));
        seen.SetResult();

        var gone = await Assert.ThrowsAsync<WebSocketException>(() => Text(socket));
        Assert.True(gone.WebSocketErrorCode == WebSocketError.ConnectionClosedPrematurely, what);
    }

    [Fact]
    public async Task A_WebSocket_that_its_region_closes_is_left_its_own_last_word()
    {
        await using var endpoint = new RawEndpoint { Answer = request => Switch(request, "\u0081\u0005hello\u0088\u0002\u0003\u00e8", isReset: false) };
        await using var edge = await Edge(endpoint.Address, "1.1");

        using var socket = await Connect(edge, "1.1");
        Assert.Equal("hello", await Text(socket));
        await Text(socket);
        seen.SetResult();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    private Func<RawRequest, Task> Break(string words) => async request =>
    {
        await request.SendAsync(words);
        await seen.Task;
        request.Close();
    };

    // Waits until the region has died before it reads more than the beginning.
    private async Task<string> ReadLate(RunningEdge edge, string head)
    {
        using var socket = new TcpClient { ReceiveBufferSize = 256 * 1024 };
        await socket.ConnectAsync(edge.Address.Host, edge.Address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        var answer = new StringBuilder();
        var buffer = new byte[16];
        for (var count = -1; count != 0;)
        {
            count = await socket.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Eventually.Patience);
            answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            if (!seen.Task.IsCompleted)
            {
                seen.SetResult();
                await Eventually.Holds("the edge has ended the connection", () => socket.Client.Poll(0, SelectMode.SelectError) || IsEnded(socket.Client));
            }
        }
        return answer.ToString();
    }

    // State 8 of a socket is CLOSE_WAIT: the other side has sent all that it will.
    private static bool IsEnded(Socket socket)
    {
        var state = new byte[1];
        socket.GetRawSocketOption(6, 11, state);
        return state[0] is 8 or 7;
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 asks for this hash.")]
    private async Task Switch(RawRequest request, string words, bool isReset)
    {
        var key = request.Head.Split("Sec-WebSocket-Key: ")[1].Split("\r\n")[0];
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        await request.SendAsync($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n{words}");
        await seen.Task;
        if (isReset) request.Reset();
        else request.Close();
    }

    private static async Task<string> Text(ClientWebSocket socket)
    {
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Eventually.Patience);
        return Encoding.ASCII.GetString(buffer, 0, received.Count);
    }

    private static async Task<ClientWebSocket> Connect(RunningEdge edge, string version)
    {
        var socket = new ClientWebSocket();
        (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
        await socket.ConnectAsync(new UriBuilder(edge.Address) { Scheme = "ws" }.Uri, edge.Client, default).WaitAsync(Eventually.Patience);
        return socket;
    }

    private static async Task<HttpResponseMessage> Call(RunningEdge edge)
    {
        var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.ContentType = new("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/s/m") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.TE.ParseAdd("trailers");
        return await edge.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Eventually.Patience);
    }

    private static Task<RunningEdge> Edge(Uri address, string version) =>
        RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(address, address), RunningEdge.Route() with { Forwarder = new ForwarderOptions { Version = Version.Parse(version) } }));
}
