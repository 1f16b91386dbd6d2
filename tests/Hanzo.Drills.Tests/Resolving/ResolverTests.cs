using System.Net;
using System.Net.Sockets;
using Hanzo.Drills.Resolving;
using Hanzo.Drills.Traffic;
using Hanzo.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Drills.Tests.Resolving;

/// <summary>The resolver of customers, before a name server that a test plays.</summary>
public sealed class ResolverTests : IDisposable
{
    private static readonly Customer London = new("18.175.67.94", "GB", "EU", 51.51, -0.13);
    private static readonly Customer Neighbour = new("18.175.200.1", "GB", "EU", 51.51, -0.13);
    private static readonly Customer Singapore = new("64.64.116.9", "SG", "AS", 1.35, 103.82);

    private readonly FakeTimeProvider _time = new();
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<string> _networks = [];
    private byte _site = 1;

    public ResolverTests()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = Serve();
    }

    public void Dispose() => _server.Dispose();

    /// <summary>Answers 127.0.0.N for 5 s to a whole /16.</summary>
    private async Task Serve()
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                var from = await _server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                var question = buffer.AsSpan(0, from.ReceivedBytes).ToArray();
                _networks.Add($"{question[^3]}.{question[^2]}.{question[^1]}/{question[^5]}");
                var option = question[^11..];
                option[^4] = 16;
                byte[] answer = [question[0], question[1], 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 1, .. question[12..^22], 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 127, 0, 0, _site, .. question[^22..^11], .. option];
                await _server.SendToAsync(answer, from.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task<string> Resolve(Resolver resolver, Customer customer, bool ignoresTtl = false) =>
        string.Join(' ', await resolver.Resolve(customer, ignoresTtl, _time.GetTimestamp(), default));

    private Resolver New(params IPEndPoint[] before) => new([.. before, (IPEndPoint)_server.LocalEndPoint!], "shop.edge.test", 1, _time);

    [Fact]
    public async Task An_answer_is_kept_for_its_ttl_and_for_all_networks_in_its_scope()
    {
        var resolver = New();

        Assert.Equal("127.0.0.1", await Resolve(resolver, London));
        _site = 2;
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("127.0.0.1", await Resolve(resolver, Neighbour));
        Assert.Equal("127.0.0.2", await Resolve(resolver, Singapore));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("127.0.0.2", await Resolve(resolver, Neighbour));

        Assert.Equal(["18.175.67/24", "64.64.116/24", "18.175.200/24"], _networks);
        Assert.Equal(["127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.2"], resolver.Lookups.Select(lookup => lookup.Addresses.Single()));
    }

    [Fact]
    public async Task Who_ignores_ttls_keeps_the_first_answer()
    {
        var resolver = New();
        await Resolve(resolver, London, ignoresTtl: true);
        _site = 2;
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("127.0.0.1", await Resolve(resolver, London, ignoresTtl: true));
        Assert.Equal("127.0.0.2", await Resolve(resolver, London));
    }

    [Fact]
    public async Task A_server_that_is_gone_is_passed_over_and_asked_last_from_then_on()
    {
        var resolver = New(new IPEndPoint(IPAddress.Loopback, ReservedPorts.Take()));

        Assert.Equal("127.0.0.1", await Resolve(resolver, London));
        Assert.Equal("127.0.0.1", await Resolve(resolver, Singapore));
        Assert.Equal(2, _networks.Count);
    }
}
