using System.Net;
using System.Net.WebSockets;
using Hanzo.Edge.Configuration;
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

    [Fact]
    public async Task A_WebSocket_whose_region_dies_is_closed_and_a_new_one_is_served()
    {
        var isFirst = true;
        await using var server = await Upstream.Start(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync("hello"u8.ToArray().AsMemory(), WebSocketMessageType.Text, true, default);
            if (isFirst)
            {
                isFirst = false;
                await seen.Task;
            context.Abort();
                return;
            }
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default);
        });
        await using var edge = await Edge(server.Http1, "1.1");
        var buffer = new byte[64];

        using var broken = await Connect(edge);
        await broken.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Eventually.Patience);
        seen.SetResult();
        await Assert.ThrowsAsync<WebSocketException>(() => broken.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Eventually.Patience));

        using var sound = await Connect(edge);
        await sound.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Eventually.Patience);
        await sound.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Eventually.Patience);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, sound.CloseStatus);
    }

    private static async Task<ClientWebSocket> Connect(RunningEdge edge)
    {
        var socket = new ClientWebSocket();
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
