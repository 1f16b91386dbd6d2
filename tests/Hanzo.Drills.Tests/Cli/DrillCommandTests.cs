using System.Net;
using System.Net.Sockets;
using Hanzo.Drills.Cli;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Cli;

public sealed class DrillCommandTests
{
    [Theory]
    [InlineData]
    [InlineData("down")]
    [InlineData("up", "--twice")]
    [InlineData("up", "--port-base", "many")]
    [InlineData("up", "--port-base", "0")]
    [InlineData("up", "--port-base", "65532")]
    [InlineData("up", "--world", "no/such/world.yaml")]
    [InlineData("run", "no-such-drill")]
    [InlineData("compare", "no-such-run", "another")]
    [InlineData("practice", "--edge", "8081", "--region", "eu-west", "--for", "1m")]
    [InlineData("practice", "--edge", "http://127.0.0.1:1", "--region", "eu-west", "--for", "soon")]
    public async Task What_is_not_a_command_is_wrong_usage(params string[] args) =>
        Assert.Equal(2, await DrillCommand.Run(args, TimeProvider.System));

    [Fact]
    public async Task A_taken_port_stops_it_before_anything_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var output = new StringWriter();
        var up = new UpCommand(new Checklist(output, null, TimeProvider.System), TimeProvider.System)
        {
            Plan = WorldPlan.At(null) with { Edges = [new EdgePlan("edge", "127.0.0.1", 8080, port)] },
            PublishedPrograms = "nowhere",
        };

        Assert.Equal(1, await up.Run());
        Assert.Contains($"port {port} is taken, and the edge's admin address needs it\n", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("Stop what has it, or move all ports with --port-base N.\n", output.ToString(), StringComparison.Ordinal);
    }
}
