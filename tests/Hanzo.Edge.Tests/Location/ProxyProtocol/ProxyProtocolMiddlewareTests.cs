using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hanzo.Edge.Location;
using Hanzo.Edge.Location.ProxyProtocol;
using Hanzo.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests.Location.ProxyProtocol;

/// <summary>A real listener and real sockets; only the clock is the test's.</summary>
public sealed class ProxyProtocolMiddlewareTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly MeasuredMeter measured;
    private readonly WebApplication app;
    private TrustedProxies trusted = new([IPNetwork.Parse("127.0.0.0/8")]);

    public ProxyProtocolMiddlewareTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton<LocationMetrics>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listener => listener.UseProxyProtocol(() => trusted, kestrel.ApplicationServices)));
        app = builder.Build();
        measured = new(app.Services.GetRequiredService<IMeterFactory>());
        app.Run(context => context.Response.WriteAsync($"you are {context.Connection.RemoteIpAddress} port {context.Connection.RemotePort}"));
    }

    public Task InitializeAsync() => app.StartAsync();

    public Task DisposeAsync() => app.DisposeAsync().AsTask();

    public void Dispose() => measured.Dispose();

    [Theory]
    [InlineData("81.2.69.142:49152", "you are 81.2.69.142 port 49152")]
    [InlineData("[2a00:1450::1]:443", "you are 2a00:1450::1 port 443")]
    public async Task The_header_says_who_the_remote_end_is(string source, string answer)
        => Assert.EndsWith(answer, await Say(ProxyHeaders.Relayed(source, 0x04, 0, 1, 0)));

    [Fact]
    public async Task A_header_that_comes_byte_by_byte_is_read()
    {
        using var socket = await Connect();
        socket.NoDelay = true;
        foreach (var octet in ProxyHeaders.Relayed("81.2.69.142:49152"))
        {
            await socket.SendAsync(new[] { octet });
        }

        await socket.SendAsync(Request);
        Assert.EndsWith("you are 81.2.69.142 port 49152", await ReadToEnd(socket));
    }

    [Fact]
    public async Task The_proxys_own_connection_keeps_its_address()
        => Assert.Contains("you are 127.0.0.1 port ", await Say(ProxyHeaders.Raw(0x20, 0, [])));

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("PROXY TCP4 81.2.69.142 127.0.0.1 1 2\r\n")]
    public async Task A_connection_without_a_header_is_closed_and_counted(string text)
    {
        Assert.Equal("", await Say(Encoding.ASCII.GetBytes(text)));
        await Counted("malformed");
    }

    [Fact]
    public async Task A_malformed_header_closes_the_connection_and_is_counted()
    {
        Assert.Equal("", await Say(ProxyHeaders.Raw(0x2F, 0x11, new byte[12])));
        await Counted("malformed");
    }

    [Fact]
    public async Task A_header_from_a_peer_that_is_not_trusted_closes_the_connection_and_is_counted()
    {
        trusted = new([IPNetwork.Parse("10.0.0.0/8")]);
        Assert.Equal("", await Say(ProxyHeaders.Relayed("81.2.69.142:49152")));
        await Counted("untrusted");
    }

    [Fact]
    public async Task A_connection_that_ends_inside_its_header_is_counted()
    {
        using (var socket = await Connect())
        {
            await socket.SendAsync(ProxyHeaders.Signature.ToArray());
            socket.Shutdown(SocketShutdown.Send);
            Assert.Equal("", await ReadToEnd(socket));
        }

        await Counted("missing");
    }

    [Fact]
    public async Task A_header_that_does_not_come_in_time_closes_the_connection_and_is_counted()
    {
        using var socket = await Connect();
        await socket.SendAsync(ProxyHeaders.Signature.ToArray());
        var answer = ReadToEnd(socket);
        await Eventually.Holds("the connection is closed", () =>
        {
            time.Advance(ProxyProtocolMiddleware.Patience);
            return answer.IsCompleted;
        });
        Assert.Equal("", await answer);
        await Counted("too_slow");
    }

    private static byte[] Request => "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray();

    private Task Counted(string reason)
        => Eventually.Holds($"one connection is counted as {reason}", () => measured.Total("hanzo_edge_proxy_protocol_refused_total", "reason", reason) == 1);

    private async Task<string> Say(byte[] header)
    {
        try
        {
            // A refused connection may be reset as early as while it is being made.
            using var socket = await Connect();
            await socket.SendAsync(header);
            await socket.SendAsync(Request);
            return await ReadToEnd(socket);
        }
        catch (SocketException closed) when (closed.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return "";
        }
    }

    private async Task<Socket> Connect()
    {
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return socket;
    }

    /// <summary>What the other side said before it closed the connection, by whatever means.</summary>
    private static async Task<string> ReadToEnd(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var count)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        }
        catch (SocketException closed) when (closed.SocketErrorCode == SocketError.ConnectionReset)
        {
            return text.ToString();
        }

        return text.ToString().Replace("\r\n0\r\n\r\n", "", StringComparison.Ordinal);
    }
}
