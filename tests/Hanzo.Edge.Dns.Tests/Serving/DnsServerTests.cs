using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using DnsClient;
using Hanzo.Edge.Dns.Serving;
using Hanzo.Edge.Dns.Tests.Support;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Edge.Dns.Tests.Serving;

/// <summary>The server on real sockets of this machine.</summary>
public sealed class DnsServerTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(true, "127.0.0.1")]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "::1")]
    [InlineData(false, "::1")]
    public async Task A_resolver_is_answered_over_UDP_and_TCP(bool batched, string address)
    {
        await using var server = await Start(IPAddress.Parse(address), batched);
        foreach (var tcp in (bool[])[false, true])
        {
            var client = new LookupClient(new LookupClientOptions(server.Endpoints[0]) { UseCache = false, UseTcpOnly = tcp, Timeout = Bound });
            var answer = await client.QueryAsync("www.edge.test", QueryType.A);
            Assert.Equal(["192.0.2.80", "192.0.2.81"], answer.Answers.ARecords().Select(a => a.Address.ToString()));
            Assert.True(answer.Header.HasAuthorityAnswer);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_does_not_fit_in_UDP_comes_over_TCP(bool batched)
    {
        await using var server = await Start(IPAddress.Loopback, batched);
        var client = new LookupClient(new LookupClientOptions(server.Endpoints[0]) { UseCache = false, ExtendedDnsBufferSize = 512, Timeout = Bound });
        var answer = await client.QueryAsync("big.edge.test", QueryType.TXT);
        Assert.Equal(4, answer.Answers.TxtRecords().Single().Text.Count);
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.7")]
    [InlineData("::", "::1")]
    public async Task On_a_wildcard_address_the_reply_comes_from_the_address_asked(string listen, string asked)
    {
        await using var server = await Start(IPAddress.Parse(listen));
        using var socket = new Socket(IPAddress.Parse(asked).AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Bound.TotalMilliseconds };
        // A connected socket takes only what comes from the address it is connected to.
        await socket.ConnectAsync(IPAddress.Parse(asked), server.Endpoints[0].Port);
        var buffer = new byte[512];
        socket.Send(new Query("www.edge.test.", DnsType.A).Packet());
        Assert.Equal(2, Response.Read(buffer.AsSpan(0, socket.Receive(buffer))).Answers.Count);
    }

    [Fact]
    public async Task Queries_sent_together_over_TCP_are_all_answered_in_order()
    {
        await using var server = await Start(IPAddress.Loopback);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Endpoints[0]);
        var sent = new List<byte>();
        for (ushort id = 1; id <= 500; id++) sent.AddRange(Framed(new Query("www.edge.test.", DnsType.A) { Id = id }.Packet()));
        var stream = client.GetStream();
        var writing = stream.WriteAsync(sent.ToArray());
        for (ushort id = 1; id <= 500; id++) Assert.Equal(id, (await Receive(stream)).Id);
        await writing;
    }

    [Fact]
    public async Task A_query_in_pieces_is_answered_and_a_connection_may_be_used_again()
    {
        await using var server = await Start(IPAddress.Loopback);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Endpoints[0]);
        for (var round = 0; round < 3; round++)
        {
            foreach (var piece in Framed(new Query("www.edge.test.", DnsType.A).Packet())) await client.GetStream().WriteAsync(new[] { piece });
            Assert.Equal(2, (await Receive(client.GetStream())).Answers.Count);
        }
    }

    [Fact]
    public async Task An_idle_connection_is_closed_and_so_is_one_too_many()
    {
        await using var server = await Start(IPAddress.Loopback, change: o => o with { IdleTimeout = TimeSpan.FromMilliseconds(300), MaxConnections = 1 });
        using var first = new TcpClient();
        await first.ConnectAsync(server.Endpoints[0]);
        await first.GetStream().WriteAsync(Framed(new Query("www.edge.test.", DnsType.A).Packet()));
        await Receive(first.GetStream());
        using var second = new TcpClient();
        await second.ConnectAsync(server.Endpoints[0]);
        Assert.Equal(0, await Read(second));
        Assert.Equal(0, await Read(first));
    }

    [Fact]
    public async Task A_reload_under_load_loses_no_query_and_each_answer_is_whole()
    {
        await using var server = await Start(IPAddress.Loopback);
        var other = TestZone.Parse("edge.test.", "@ 60 NS ns\nwww 60 A 192.0.2.1\nwww 60 A 192.0.2.2\nwww 60 A 192.0.2.3");
        DnsSnapshot[] snapshots = [TestWorld.Snapshot(), TestWorld.Snapshot(zone: other)];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Bound.TotalMilliseconds };
        await socket.ConnectAsync(server.Endpoints[0]);
        var query = new Query("www.edge.test.", DnsType.A).Packet();
        var buffer = new byte[512];
        var seen = new HashSet<int>();
        for (var i = 0; i < 2000; i++)
        {
            server.Snapshot = snapshots[i % 2];
            socket.Send(query);
            seen.Add(Response.Read(buffer.AsSpan(0, socket.Receive(buffer))).Answers.Count);
        }

        Assert.Equal([2, 3], seen.Order());
    }

    [Fact]
    public async Task What_arrived_before_a_stop_is_answered()
    {
        var server = await Start(IPAddress.Loopback);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Bound.TotalMilliseconds };
        await socket.ConnectAsync(server.Endpoints[0]);
        for (var i = 0; i < 200; i++) socket.Send(new Query("www.edge.test.", DnsType.A).Packet());
        await server.DisposeAsync();
        var buffer = new byte[512];
        for (var i = 0; i < 200; i++) Assert.Equal(2, Response.Read(buffer.AsSpan(0, socket.Receive(buffer))).Answers.Count);
    }

    [Fact]
    public async Task A_taken_address_is_an_error_and_nothing_stays_bound()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await Assert.ThrowsAsync<SocketException>(() => Start(IPAddress.Loopback, port: port));
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, port));
    }

    private static async Task<DnsServer> Start(IPAddress address, bool batched = true, int port = 0, Func<DnsServerOptions, DnsServerOptions>? change = null)
    {
        var options = new DnsServerOptions { Listen = [new(address, port)], Threads = 2, Batched = batched };
        var server = new DnsServer(change?.Invoke(options) ?? options, TestWorld.Snapshot(), new DnsMetrics(), TimeProvider.System, NullLogger<DnsServer>.Instance);
        await server.StartAsync();
        return server;
    }

    private static byte[] Framed(byte[] packet) => [.. Query.Short(packet.Length), .. packet];

    private static async Task<Response> Receive(NetworkStream stream)
    {
        using var bound = new CancellationTokenSource(Bound);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, bound.Token);
        var packet = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(packet, bound.Token);
        return Response.Read(packet);
    }

    private static async Task<int> Read(TcpClient client)
    {
        using var bound = new CancellationTokenSource(Bound);
        return await client.GetStream().ReadAsync(new byte[1], bound.Token);
    }
}
