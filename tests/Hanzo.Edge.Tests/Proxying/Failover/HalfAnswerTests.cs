using System.Net;
using System.Net.Sockets;
using System.Text;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Tests.Proxying.Direct;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying.Failover;

/// <summary>Endpoints that begin an answer and do not go on, or answer before they were asked to the end. London's first choice is eu-west.</summary>
public sealed class HalfAnswerTests
{
    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("PUT", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")]
    [InlineData("PUT", "HTTP/1.1 200 OK\r\nContent-Le")]
    public async Task An_endpoint_that_stops_before_the_end_of_its_head_is_left_in_time(string method, string words)
    {
        await using var us = new RawEndpoint { Answer = request => request.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nus") };
        await using var eu = new RawEndpoint { Answer = request => request.SendAsync(words) };
        await using var edge = await Start(us.Address, eu.Address, new AttemptOptions { Timeout = TimeSpan.FromMilliseconds(500) });

        var response = await edge.Ask(client: RunningEdge.ClientInLondon, also: request => request.Method = new HttpMethod(method)).WaitAsync(Eventually.Patience);

        Assert.Equal("us", await response.Content.ReadAsStringAsync());
        var id = response.Headers.GetValues("Request-Id").Single();
        await Eventually.Holds("the receipt tells the attempt before", () => edge.Host.State.Receipts.Find(id) is { Failed: [{ Region: 1 }] });
    }

    [Fact]
    public async Task An_answer_that_comes_before_the_end_of_the_request_reaches_the_client_at_once()
    {
        await using var server = await Upstream.Start(context =>
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        });
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(
            RunningEdge.Topology(server.Http2, server.Http2), RunningEdge.Route() with { Forwarder = new ForwarderOptions { Version = HttpVersion.Version20 } }));
        using var client = new TcpClient();
        await client.ConnectAsync(edge.Address.Host, edge.Address.Port);

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 100000000\r\n\r\n{new string('x', 100_000)}"));

        var buffer = new byte[12];
        await client.GetStream().ReadExactlyAsync(buffer).AsTask().WaitAsync(Eventually.Patience);
        Assert.Equal("HTTP/1.1 413", Encoding.ASCII.GetString(buffer));
    }

    // Connecting is all that probes ask for, once.
    private static Task<RunningEdge> Start(Uri us, Uri eu, AttemptOptions attempts) =>
        RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(us, eu), RunningEdge.Route() with { Attempts = attempts }) with
        {
            Health = new HealthOptions { Probe = new ProbeOptions { Kind = ProbeKind.Tcp, Interval = TimeSpan.FromHours(1), FastInterval = TimeSpan.FromHours(1) } },
        });
}
