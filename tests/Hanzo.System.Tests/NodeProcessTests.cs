using System.Net;
using System.Net.Sockets;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

[Collection(Lanes.Edges)]
public sealed class NodeProcessTests
{
    private static async Task<(RunningProgram Node, int Port)> Start(params string[] more)
    {
        var port = ReservedPorts.Take();
        var node = RunningProgram.Start(Repository.Node, ["run", "--region", "us-east", "--name", "us-east-1", "--listen", $"127.0.0.1:{port}", .. more]);
        await node.Says($"us-east-1 serves us-east on http://127.0.0.1:{port}");
        return (node, port);
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_says_so_first_and_serves_on()
    {
        var (node, port) = await Start("--announce", "600");
        await using var _ = node;

        node.Signal("TERM");

        await Eventually.Holds("readiness says no", async () => await Http.Status($"http://127.0.0.1:{port}/readyz") == 503);
        Assert.Equal(200, await Http.Status($"http://127.0.0.1:{port}/v1/products"));
        Assert.False(node.HasExited);
    }

    [Fact]
    public async Task A_node_that_has_said_so_takes_nothing_new_and_finishes_what_is_under_way()
    {
        var (node, port) = await Start("--announce", "0", "--drain-timeout", "600");
        await using var _ = node;
        using var slow = new SlowPut();
        await slow.Begin(port);

        node.Signal("TERM");
        await Eventually.Holds("it takes no new connections", async () => await Http.Status($"http://127.0.0.1:{port}/livez") == 0);

        Assert.False(node.HasExited);
        Assert.Equal("HTTP/1.1 201 Created", await slow.Finish());
        Assert.Equal(0, await node.Exit());
    }

    [Fact]
    public async Task A_second_signal_ends_a_node_at_once()
    {
        var (node, _) = await Start("--announce", "600");
        await using var ended = node;

        node.Signal("TERM");
        await node.Says("SIGTERM: not ready any more");
        node.Signal("TERM");

        Assert.Equal(1, await node.Exit());
        Assert.Contains("Second SIGTERM: stopping at once", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_metrics_page_passes_promtool_and_shows_every_part()
    {
        var (node, port) = await Start("--announce", "0", "--peer", "eu-west-1=http://127.0.0.1:1");
        await using var _ = node;
        Assert.Equal(404, await Http.Status($"http://127.0.0.1:{port}/nowhere"));
        var text = "";
        await Eventually.Holds("the request is counted", async () => (text = await Http.Client.GetStringAsync($"http://127.0.0.1:{port}/metrics")).Contains("hanzo_node_requests_total{", StringComparison.Ordinal));
        foreach (var name in new[] { "store_changes_total", "store_commit_seconds_count", "replication_repaired_rows_total", "peer_up{peer=\"eu-west-1\"}", "peer_owed_entries{" })
            Assert.Contains($"\nhanzo_node_{name}", text, StringComparison.Ordinal);
        var page = Path.GetTempFileName();
        await File.WriteAllTextAsync(page, text);

        await using var promtool = RunningProgram.Start("/bin/sh", ["-c", $"promtool check metrics < {page} && rm {page}"]);

        Assert.True(await promtool.Exit() == 0, promtool.Output);
        Assert.Equal("", promtool.Output);
    }

    [Fact]
    public async Task The_threads_that_serve_sockets_are_called_as_the_node_expects_and_are_watched()
    {
        var (node, port) = await Start();
        await using var _ = node;

        await Eventually.Holds("beats are counted", async () => (await Http.Client.GetStringAsync($"http://127.0.0.1:{port}/metrics")).Split('\n')
            .Any(line => line.StartsWith("hanzo_node_socket_delay_seconds_count ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)));
        // What leaves those threads knows them by their name.
        Assert.Contains(Directory.GetDirectories($"/proc/{node.Pid}/task"), thread => File.ReadAllText(Path.Combine(thread, "comm")).Trim() == ".NET Sockets");
    }

    [Fact]
    public async Task A_request_that_never_ends_does_not_hold_a_node_for_ever()
    {
        var (node, port) = await Start("--announce", "0", "--drain-timeout", "0.5");
        await using var _ = node;
        using var slow = new SlowPut();
        await slow.Begin(port);

        node.Signal("TERM");

        Assert.Equal(0, await node.Exit());
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_line_and_exit_code_1()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var node = RunningProgram.Start(Repository.Node, ["run", "--region", "us-east", "--name", "us-east-1", "--listen", $"{other.LocalEndpoint}"]);

        Assert.Equal(1, await node.Exit());
        Assert.Equal($"hanzo-node: cannot listen on {other.LocalEndpoint}: another program has this port; stop it or choose another --listen", node.Output);
    }
}
