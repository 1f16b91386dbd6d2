using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Hanzo.Commerce.Node.Cli;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Commerce.Node.Tests.Cli;

public sealed class ClusterStatusTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> Status(string url, params string[] more) => NodeCommand.Run(["status", "--url", url, .. more], TimeProvider.System, _output, _error);

    [Fact]
    public async Task A_node_that_leads_its_shards_is_shown_as_a_table_and_as_json()
    {
        var node = new RunningNode();
        await node.InitializeAsync();
        var url = node.Client.BaseAddress!.ToString();

        Assert.Equal(0, await Status(url));
        var lines = _output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("cluster hanzo, as us-east-1 in us-east sees it", lines[0]);
        Assert.Matches("^disk: [0-9]+ MiB free, [0-9]+ MiB of log$", lines[1]);
        Assert.Matches("^SHARD +ROLE +LEADER +TERM +COMMIT +APPLIED +SNAPSHOT +BEHIND$", lines[2]);
        Assert.Equal(4, lines.Skip(3).Count());
        Assert.All(lines.Skip(3), line => Assert.Matches("^[0-3] +leader +us-east-1 .*us-east-1 0$", line));

        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await Status(url, "-o", "json"));
        using var json = JsonDocument.Parse(_output.ToString());
        Assert.Equal(4, json.RootElement.GetProperty("shards").GetArrayLength());
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_shard_without_a_leader_fails_and_who_is_silent_or_has_no_vote_is_named()
    {
        await using var node = await Answering("""
            {"cluster":"shop","node":"b","region":"eu-west","disk":{"free_bytes":1048576,"log_bytes":2097152},"shards":[
            {"shard":0,"role":"leader","leader":"b","term":7,"commit":90,"applied":90,"snapshot":50,"members":[{"name":"a","voter":true,"lag":12,"active":false},{"name":"b","voter":true,"lag":0,"active":true},{"name":"c","voter":false,"lag":40,"active":true}]},
            {"shard":1,"role":"candidate","leader":null,"term":8,"commit":3,"applied":3,"snapshot":0,"members":[{"name":"a","voter":true},{"name":"b","voter":true}]}]}
            """);

        Assert.Equal(1, await Status(node.Urls.Single()));
        Assert.Contains("a 12 silent, b 0, c 40 learner", _output.ToString(), StringComparison.Ordinal);
        Assert.Matches("1 +candidate +none +8 ", _output.ToString());
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("{\"shards\":[{}]}")]
    [InlineData("[]")]
    public async Task What_is_no_node_is_told(string answer)
    {
        await using var other = await Answering(answer);

        Assert.Equal(3, await Status(other.Urls.Single()));
        Assert.Contains("does not answer like a node", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task A_node_that_does_not_run_is_told()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.Equal(3, await Status($"http://{taken.LocalEndPoint}"));
        Assert.Contains("/cluster cannot be reached", _error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> Answering(string body)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(body));
        await app.StartAsync();
        return app;
    }
}
