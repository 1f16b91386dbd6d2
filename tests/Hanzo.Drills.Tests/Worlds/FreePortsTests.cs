using System.Net;
using System.Net.Sockets;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Worlds;

public sealed class FreePortsTests
{
    private static WorldPlan Edge(int port) => WorldPlan.At(null) with { Edges = [new EdgePlan("edge", "127.0.0.1", port, 8081)] };

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public void A_taken_port_is_named_with_who_needs_it(string address)
    {
        using var other = new TcpListener(IPAddress.Parse(address), 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var taken = FreePorts.Taken(Edge(port));

        Assert.Contains($"port {port} is taken, and the edge needs it", taken);
    }

    [Fact]
    public void A_port_of_DNS_must_be_free_over_UDP_as_well()
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)other.Client.LocalEndPoint!).Port;

        Assert.DoesNotContain(FreePorts.Taken(Edge(port)), line => line.Contains($"port {port} ", StringComparison.Ordinal));
        Assert.Contains($"port {port} is taken, and the edge's DNS needs it", FreePorts.Taken(WorldPlan.At(null) with { Edges = [new EdgePlan("edge", "127.0.0.1", 8080, 8081) { DnsPort = port }] }));
    }

    [Fact]
    public void A_port_that_was_given_back_is_free()
    {
        int port;
        using (var other = new TcpListener(IPAddress.Loopback, 0))
        {
            other.Start();
            port = ((IPEndPoint)other.LocalEndpoint).Port;
            // A connection that this side ends first stays in TIME_WAIT; that must not count as taken.
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            other.AcceptTcpClient().Dispose();
        }
        Assert.DoesNotContain(FreePorts.Taken(Edge(port)), line => line.Contains($"port {port} ", StringComparison.Ordinal));
    }
}
