using System.Net;
using Hanzo.Edge.Proxying.Direct;
using Hanzo.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests.Proxying.Direct;

/// <summary>Connections to endpoints between two requests, and what happens when an endpoint closes them in the wrong moment.</summary>
public sealed class RestingConnectionTests(EdgeBeforeRawEndpoint world) : IClassFixture<EdgeBeforeRawEndpoint>
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly SilenceBounds Bounds = new(TimeSpan.FromSeconds(10), long.MaxValue);

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_rested_connection_that_ends_under_a_request_is_replaced(string method)
    {
        var heard = world.Endpoint.Requests;
        world.Endpoint.Answer = request =>
        {
            // The first request of a connection is answered, the second meets its end.
            if (request.Count > 1) request.Reset();
            return request.Count > 1 ? Task.CompletedTask : request.SendAsync(request.Head.StartsWith("HEAD", StringComparison.Ordinal) ? Ok[..^2] : Ok);
        };

        for (var turn = 0; turn < 3; turn++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/");
            Assert.Equal(HttpStatusCode.OK, (await world.Edge.Client.SendAsync(request).WaitAsync(Eventually.Patience)).StatusCode);
        }

        Assert.True(world.Endpoint.Requests - heard > 3, "no request met a connection's end");
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_it_rested_is_not_used()
    {
        await using var fresh = await EdgeBeforeRawEndpoint.Start();
        List<int> connections = [];
        fresh.Endpoint.Answer = request =>
        {
            connections.Add(request.Count);
            request.Close();
            return request.SendAsync(Ok);
        };

        for (var turn = 0; turn < 5; turn++) Assert.Equal("ok", await fresh.Edge.Client.GetStringAsync("/").WaitAsync(Eventually.Patience));

        Assert.All(connections, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task An_answer_that_broke_off_is_not_asked_for_again()
    {
        world.Answers(Ok);
        await world.Edge.Client.GetStringAsync("/").WaitAsync(Eventually.Patience);
        var heard = world.Endpoint.Requests;
        world.Answers("HTTP/1.1 2", closes: true);

        var response = await world.Edge.Ask().WaitAsync(Eventually.Patience);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(1, world.Endpoint.Requests - heard);
    }

    [Fact]
    public async Task A_new_connection_that_ends_without_an_answer_is_not_tried_again()
    {
        await using var fresh = await EdgeBeforeRawEndpoint.Start();
        fresh.Answers("", closes: true);

        var response = await fresh.Edge.Ask().WaitAsync(Eventually.Patience);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(1, fresh.Endpoint.Requests);
    }

    [Fact]
    public async Task Everybody_gets_its_own_answer_while_connections_end_and_clients_leave()
    {
        var random = new Random(17);
        var chance = new Lock();
        double Next() { lock (chance) return random.NextDouble(); }
        world.Endpoint.Answer = async request =>
        {
            var content = $"the answer to {request.Path}";
            var answer = $"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\n\r\n{content}";
            switch (Next())
            {
                case < 0.1 when request.Count > 1:
                    request.Reset();
                    return;
                case < 0.2:
                    request.Close();
                    break;
                case < 0.3:
                    request.Close();
                    answer += "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad";
                    break;
                case < 0.5:
                    await request.SendAsync(answer[..30]);
                    answer = answer[30..];
                    break;
            }
            await request.SendAsync(answer);
        };

        var answered = 0;
        await Task.WhenAll(Enumerable.Range(0, 24).Select(async client =>
        {
            for (var turn = 0; turn < 40; turn++)
            {
                var leaves = Next() < 0.1;
                using var patience = new CancellationTokenSource(leaves ? TimeSpan.FromMilliseconds(Next()) : Eventually.Patience);
                try
                {
                    Assert.Equal($"the answer to /{client}/{turn}", await world.Edge.Client.GetStringAsync($"/{client}/{turn}", patience.Token));
                    Interlocked.Increment(ref answered);
                }
                catch (OperationCanceledException) when (leaves)
                {
                    // as it meant to
                }
            }
        }));

        Assert.InRange(answered, 24 * 40 * 3 / 4, 24 * 40);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_its_request_at_the_endpoint()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Endpoint.Answer = async request =>
        {
            heard.TrySetResult();
            left.TrySetResult(await request.IsLeftAsync());
            request.Close();
        };
        using var leaving = new CancellationTokenSource();

        var asked = world.Edge.Client.GetAsync("/", leaving.Token);
        await heard.Task.WaitAsync(Eventually.Patience);
        await leaving.CancelAsync();

        Assert.True(await left.Task.WaitAsync(Eventually.Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task A_connection_rests_for_a_minute_and_no_longer()
    {
        var time = new FakeTimeProvider();
        await using var server = new RawEndpoint();
        using var endpoint = new UpstreamEndpoint(server.Address.ToString(), time);
        var connection = await Connect(endpoint);

        endpoint.Return(connection);
        time.Advance(UpstreamEndpoint.Rest - TimeSpan.FromSeconds(1));
        Assert.Same(connection, endpoint.Take(time.GetTimestamp(), Bounds));
        endpoint.Return(connection);
        time.Advance(UpstreamEndpoint.Rest);

        Assert.Null(endpoint.Take(time.GetTimestamp(), Bounds));
    }

    [Fact]
    public async Task An_endpoint_that_says_nothing_for_too_long_is_left()
    {
        var time = new FakeTimeProvider();
        await using var server = new RawEndpoint();
        using var endpoint = new UpstreamEndpoint(server.Address.ToString(), time);
        using var connection = await Connect(endpoint);

        var waiting = connection.WaitAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(9));
        connection.Touch();
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(connection.IsOverdue);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(connection.IsOverdue);
        await waiting.WaitAsync(Eventually.Patience);
        Assert.Throws<ObjectDisposedException>(connection.ReceiveHead);
        endpoint.Return(connection);
        Assert.Null(endpoint.Take(time.GetTimestamp(), Bounds));
    }

    [Fact]
    public async Task An_endpoint_that_goes_on_and_on_is_left_when_the_exchange_is_over()
    {
        var time = new FakeTimeProvider();
        await using var server = new RawEndpoint();
        using var endpoint = new UpstreamEndpoint(server.Address.ToString(), time);
        var until = time.GetTimestamp() + (time.TimestampFrequency * 25);
        using var connection = await endpoint.ConnectAsync(TimeSpan.FromMinutes(1), Bounds with { Until = until }, CancellationToken.None, CancellationToken.None);

        for (var second = 1; second < 25; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            connection.Touch();
        }
        Assert.False(connection.IsOverdue);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(connection.IsOverdue);
    }

    [Fact]
    public async Task The_end_of_one_exchange_does_not_bound_the_next_on_its_connection()
    {
        var time = new FakeTimeProvider();
        await using var server = new RawEndpoint();
        using var endpoint = new UpstreamEndpoint(server.Address.ToString(), time);
        using var connection = await endpoint.ConnectAsync(TimeSpan.FromMinutes(1), Bounds with { Until = time.GetTimestamp() + time.TimestampFrequency }, CancellationToken.None, CancellationToken.None);
        endpoint.Return(connection);
        Assert.Same(connection, endpoint.Take(time.GetTimestamp(), Bounds));

        for (var second = 0; second < 9; second++) time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(connection.IsOverdue);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(connection.IsOverdue);
    }

    [Fact]
    public async Task An_endpoint_that_refuses_is_told_apart_from_one_that_breaks_off()
    {
        var server = new RawEndpoint();
        using var endpoint = new UpstreamEndpoint(server.Address.ToString(), TimeProvider.System);
        await server.DisposeAsync();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Connect(endpoint));

        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);
    }

    private static Task<UpstreamConnection> Connect(UpstreamEndpoint endpoint) =>
        endpoint.ConnectAsync(TimeSpan.FromMinutes(1), Bounds, CancellationToken.None, CancellationToken.None).AsTask();
}
