using System.Net;
using System.Net.WebSockets;
using System.Text;
using Hanzo.Edge.Configuration;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class ProtocolTests
{
    private static readonly TimeSpan Patience = Eventually.Patience;

    [Theory]
    [InlineData("1.1", "1.1")]
    [InlineData("2.0", "1.1")]
    [InlineData("1.1", "2.0")]
    [InlineData("2.0", "2.0")]
    public async Task Every_version_reaches_every_version_on_one_address(string client, string upstream)
    {
        await using var server = await Upstream.Start(context => context.Response.WriteAsync(context.Request.Protocol));
        await using var edge = await Edge(server, upstream);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = Version.Parse(client), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var response = await edge.Client.SendAsync(request).WaitAsync(Patience);

        Assert.Equal(Version.Parse(client), response.Version);
        Assert.Equal(upstream == "2.0" ? "HTTP/2" : "HTTP/1.1", await response.Content.ReadAsStringAsync());
        Assert.Equal(upstream == "2.0" ? "2 edge-1" : "1.1 edge-1", Assert.Single(response.Headers.GetValues("Via")));
    }

    // Kestrel writes no trailers over HTTP/1.1 by itself, so the endpoint speaks HTTP/2.
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Trailers_of_a_response_come_through(string version)
    {
        await using var server = await Upstream.Start(async context =>
        {
            context.Response.DeclareTrailer("checksum");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("checksum", "17");
        });
        await using var edge = await Edge(server, "2.0");

        for (var turn = 0; turn < 2; turn++) // the second on the same connection
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.TE.ParseAdd("trailers");
            var response = await edge.Client.SendAsync(request).WaitAsync(Patience);

            Assert.Equal("body", await response.Content.ReadAsStringAsync());
            Assert.Equal("checksum", response.Headers.Trailer.ToString());
            Assert.Equal(["17"], response.TrailingHeaders.GetValues("checksum"));
        }
    }

    [Fact]
    public async Task A_response_that_could_have_trailers_and_fails_on_its_way_is_cut_and_not_ended()
    {
        await using var server = await Upstream.Start(async context =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        await using var edge = await Edge(server, "2.0");

        var response = await edge.Ask(also: request => request.Headers.TE.ParseAdd("trailers")).WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_gRPC_call_streams_both_ways_and_ends_with_its_status()
    {
        await using var server = await Upstream.Start(async context =>
        {
            Assert.Equal("trailers", context.Request.Headers.TE.ToString());
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            var buffer = new byte[16];
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
                await context.Response.Body.FlushAsync();
            }
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await using var edge = await Edge(server, "2.0");
        var content = new HandFed("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/s/m") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.TE.ParseAdd("trailers");

        var call = edge.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await content.Feed("one");
        var response = await call.WaitAsync(Patience);
        var answers = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16];
        foreach (var word in (string[])["one", "two"])
        {
            if (word != "one") await content.Feed(word);
            Assert.Equal(word, Encoding.ASCII.GetString(buffer, 0, await answers.ReadAsync(buffer).AsTask().WaitAsync(Patience)));
        }
        content.End();

        Assert.Equal(0, await answers.ReadAsync(buffer).AsTask().WaitAsync(Patience));
        Assert.Equal(["0"], response.TrailingHeaders.GetValues("grpc-status"));
    }

    [Fact]
    public async Task Events_arrive_one_by_one()
    {
        var next = new SemaphoreSlim(0);
        await using var server = await Upstream.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            await next.WaitAsync(context.RequestAborted);
            for (var i = 0; i < 3; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n");
                await context.Response.Body.FlushAsync();
                await next.WaitAsync(context.RequestAborted);
            }
        });
        await using var edge = await Edge(server);

        var response = await edge.Ask().WaitAsync(Patience); // before the first event
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        next.Release();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal($"data: {i}", await reader.ReadLineAsync().WaitAsync(Patience));
            next.Release();
        }
        Assert.Null(await reader.ReadLineAsync().WaitAsync(Patience));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task WebSockets_speak_both_ways_and_close(string version)
    {
        await using var server = await Upstream.Start(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            var received = await socket.ReceiveAsync(buffer.AsMemory(), default);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, default);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default);
        });
        await using var edge = await Edge(server);
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = Version.Parse(version);
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await client.ConnectAsync(new UriBuilder(edge.Address) { Scheme = "ws" }.Uri, edge.Client, default).WaitAsync(Patience);
        await client.SendAsync("hello"u8.ToArray().AsMemory(), WebSocketMessageType.Text, true, default);
        var buffer = new byte[64];
        var received = await client.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Patience);

        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, received.Count));
        await client.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Patience);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
    }

    [Fact]
    public async Task A_client_that_waits_for_100_continue_sends_nothing_when_it_is_refused()
    {
        await using var server = await Upstream.Start(context =>
        {
            context.Response.StatusCode = 413;
            return Task.CompletedTask;
        });
        await using var edge = await Edge(server);

        var answer = await edge.Raw("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_waits_for_100_continue_gets_it_and_is_heard()
    {
        await using var server = await Upstream.Start(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        await using var edge = await Edge(server);

        var answer = await edge.Raw("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", "12345");

        Assert.StartsWith("HTTP/1.1 100", answer, StringComparison.Ordinal);
        Assert.Contains("12345", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_body_goes_through_unchanged_both_ways()
    {
        await using var server = await Upstream.Start(async context =>
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            using var whole = new MemoryStream();
            await context.Request.Body.CopyToAsync(whole);
            await context.Response.Body.WriteAsync(whole.ToArray());
        });
        await using var edge = await Edge(server);
        var body = new byte[40_000_000];
        new Random(1).NextBytes(body);

        using var response = await edge.Client.PostAsync("/", new ByteArrayContent(body)).WaitAsync(Patience);

        var back = await response.Content.ReadAsByteArrayAsync();
        Assert.True(body.AsSpan().SequenceEqual(back));
    }

    private static Task<RunningEdge> Edge(Upstream server, string version = "1.1")
    {
        var address = version == "2.0" ? server.Http2 : server.Http1;
        // Probes speak HTTP/1.1; against an HTTP/2 endpoint they fail and the route fails open.
        var route = RunningEdge.Route() with { Forwarder = new ForwarderOptions { Version = Version.Parse(version) } };
        return RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(address, address), route));
    }
}
