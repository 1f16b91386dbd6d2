using System.Net;
using System.Net.Sockets;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>hanzo-drill up, with the programs as they were built: what it starts, it ends.</summary>
[Collection(Lanes.Edges)]
public sealed class DrillProcessTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-drill-");
    private readonly int _ports = ReservedPorts.Take(6);

    public DrillProcessTests()
    {
        // A directory as `dotnet publish` would leave it, made of links to what is built already.
        File.CreateSymbolicLink(Path.Combine(_directory.FullName, "hanzo-edge"), Repository.Edge);
        File.CreateSymbolicLink(Path.Combine(_directory.FullName, "hanzo-node"), Repository.Node);
        Directory.CreateSymbolicLink(Path.Combine(_directory.FullName, "config"), Path.Combine(Repository.Root, "config"));
        Directory.CreateSymbolicLink(Path.Combine(_directory.FullName, "data"), Path.Combine(Repository.Root, "data"));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private RunningProgram Up(params string[] more) => RunningProgram.Start(
        Repository.Drill, ["up", "--programs", _directory.FullName, "--runs", _directory.FullName, "--port-base", $"{_ports}", .. more]);

    private IEnumerable<int> StillListening() => Enumerable.Range(_ports, 6).Where(port =>
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    });

    [Fact]
    public async Task A_world_that_is_told_to_stop_stops_whole()
    {
        await using var up = Up();
        await up.Says("Ctrl-C stops everything.");
        Assert.Equal(6, StillListening().Count());

        up.Signal("INT");

        Assert.Equal(0, await up.Exit());
        Assert.Empty(StillListening());
    }

    [Fact]
    public async Task A_declared_world_stops_whole_even_when_the_drill_is_killed_and_a_child_is_frozen()
    {
        await using var up = Up("--world", Path.Combine(Repository.Root, "config", "worlds", "three-regions.yaml"));
        await up.Says("Ctrl-C stops everything.");
        Assert.Equal(5, StillListening().Count());
        var children = up.Output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains(" process ", StringComparison.Ordinal) && !line.Contains('/', StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[^1])).ToList();
        Assert.Equal(4, children.Count);
        RunningProgram.Signal(children[0], "STOP");

        up.Signal("KILL");

        await Eventually.Holds("no child is left", () => !children.Exists(IsRunning));
        await Eventually.Holds("nobody listens any more", () => !StillListening().Any());

        static bool IsRunning(int pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_dies_is_reported_with_its_exit_code_and_last_words()
    {
        await using var up = Up();
        await up.Says("Ctrl-C stops everything.");
        var node = up.Output.Split('\n').Single(line => line.StartsWith("  us-east-1 ", StringComparison.Ordinal)).Split(' ')[^1];

        RunningProgram.Signal(int.Parse(node), "KILL");

        await up.Says("us-east-1 ended with exit code 137; its output is in ");
        await up.Says(" is led by ");
        up.Signal("TERM");
        Assert.Equal(0, await up.Exit());
        Assert.Empty(StillListening());
    }

    [Fact]
    public async Task A_taken_port_is_told_with_who_needs_it_before_anything_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, _ports + 3);
        other.Start();
        await using var up = Up();

        Assert.Equal(1, await up.Exit());
        Assert.Matches(
            $@"^FAIL ports are free( \(.+ s\))?\nport {_ports + 3} is taken, and the node eu-west-1 needs it\nStop what has it, or move all ports with --port-base N\.$",
            up.Output);
    }
}
