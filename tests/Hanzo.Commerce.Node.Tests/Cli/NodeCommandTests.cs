using System.Net;
using System.Net.Sockets;
using Hanzo.Commerce.Node.Cli;

namespace Hanzo.Commerce.Node.Tests.Cli;

public sealed class NodeCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> Run(params string[] args) => NodeCommand.Run(args, TimeProvider.System, _output, _error);

    [Theory]
    [InlineData("--region", "US_EAST", "--region: expected 1 to 63 lower-case letters")]
    [InlineData("--name", "", "--name: expected 1 to 63 lower-case letters")]
    [InlineData("--listen", "7101", "--listen: expected an IP address and a port")]
    [InlineData("--listen", "127.0.0.1", "--listen: expected an IP address and a port")]
    [InlineData("--listen", "localhost:7101", "--listen: expected an IP address and a port")]
    [InlineData("--listen", "127.0.0.1:70000", "--listen: expected an IP address and a port")]
    [InlineData("--announce", "-1", "--announce: expected seconds from 0 to 3600")]
    [InlineData("--session-wait", "6000", "--session-wait: expected milliseconds from 0 to 5000")]
    [InlineData("--drain-timeout", "soon", "--drain-timeout: expected seconds from 0 to 3600")]
    public async Task A_wrong_option_is_named_and_is_wrong_usage(string option, string value, string expected)
    {
        var args = new Dictionary<string, string> { ["--region"] = "us-east", ["--name"] = "us-east-1", ["--listen"] = "127.0.0.1:0", [option] = value };

        var exitCode = await Run(["run", .. args.SelectMany(arg => new[] { arg.Key, arg.Value })]);

        Assert.Equal(2, exitCode);
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("walk")]
    [InlineData("healthcheck", "--url", "127.0.0.1")]
    [InlineData("run", "--region", "us-east", "--listen", "127.0.0.1:0", "--name", "us-east-1", "--unknown")]
    public async Task What_is_not_a_command_is_wrong_usage(params string[] args)
    {
        Assert.Equal(2, await Run(args));
        Assert.NotEmpty(_error.ToString());
    }

    [Fact]
    public async Task A_taken_port_is_told_with_its_number_and_fails()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var exitCode = await Run("run", "--region", "us-east", "--listen", other.LocalEndpoint.ToString()!, "--name", "us-east-1");

        Assert.Equal(1, exitCode);
        Assert.Equal($"hanzo-node: cannot listen on {other.LocalEndpoint}: another program has this port; stop it or choose another --listen", _error.ToString().TrimEnd());
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_and_fails()
    {
        Assert.Equal(1, await Run("run", "--region", "us-east", "--listen", "192.0.2.1:7101", "--name", "us-east-1"));
        Assert.Contains("cannot listen on 192.0.2.1:7101: this machine has no such address", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_check_passes_on_a_live_node_and_fails_on_nothing()
    {
        var node = new RunningNode();
        await node.InitializeAsync();
        var url = new Uri(node.Client.BaseAddress!, "/livez").ToString();

        Assert.Equal(0, await Run("healthcheck", "--url", url));
        Assert.Equal(1, await Run("healthcheck", "--url", new Uri(node.Client.BaseAddress!, "/v1/nothing").ToString()));
        await node.DisposeAsync();
        Assert.Equal(1, await Run("healthcheck", "--url", url));
        Assert.Contains("cannot be reached", _error.ToString(), StringComparison.Ordinal);
    }
}
