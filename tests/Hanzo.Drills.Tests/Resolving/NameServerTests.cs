using System.Net;
using System.Net.Sockets;
using Hanzo.Drills.Resolving;
using Hanzo.Testing;

namespace Hanzo.Drills.Tests.Resolving;

public sealed class NameServerTests : IDisposable
{
    private readonly NameServer _names = new();
    private readonly int _port = ReservedPorts.Take();

    public NameServerTests() => _names.Open(_port);

    public void Dispose() => _names.Dispose();

    private async Task<(DnsAnswer? Answer, int Code)> Ask(string name)
    {
        using var socket = new UdpClient();
        socket.Connect(IPAddress.Loopback, _port);
        await socket.SendAsync(DnsMessage.Question(7, name, new IPNetwork(IPAddress.Parse("192.0.2.0"), 24)));
        var answer = (await socket.ReceiveAsync()).Buffer;
        return (DnsMessage.Read(answer, 7), answer[3] & 0x0F);
    }

    [Fact]
    public async Task A_name_has_the_address_that_was_said_last()
    {
        _names.Say("eu-west.up.test", IPAddress.Parse("127.0.0.1"));
        var (before, _) = await Ask("eu-west.up.test");
        _names.Say("eu-west.up.test", IPAddress.Parse("127.0.3.1"));
        var (after, _) = await Ask("EU-west.up.test");

        Assert.Equal(("127.0.0.1", TimeSpan.FromSeconds(1)), ($"{before!.Addresses.Single()}", before.Ttl));
        Assert.Equal("127.0.3.1", $"{after!.Addresses.Single()}");
    }

    [Fact]
    public async Task When_it_fails_it_says_so_and_a_name_that_nobody_said_is_not_there()
    {
        Assert.Equal(3, (await Ask("nobody.up.test")).Code);
        _names.Fails = true;
        Assert.Equal(2, (await Ask("nobody.up.test")).Code);
    }
}
