using System.CommandLine;
using System.Net;
using System.Text;
using System.Text.Json;
using Hanzo.Edge.Cli;
using Hanzo.Edge.Tests.Proxying;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Cli;

using RunningEdge = Hanzo.Edge.Tests.Proxying.RunningEdge;

/// <summary>The command against a real edge, through its admin address.</summary>
public sealed class RegionCommandTests : IAsyncLifetime
{
    private Upstream usEast = null!;
    private Upstream euWest = null!;
    private RunningEdge edge = null!;

    public async Task InitializeAsync()
    {
        usEast = await Upstream.Start(context => context.Response.WriteAsync("us"));
        euWest = await Upstream.Start(context => context.Response.WriteAsync("eu"));
        edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(usEast.Http1, euWest.Http1)));
    }

    public async Task DisposeAsync()
    {
        await edge.DisposeAsync();
        await usEast.DisposeAsync();
        await euWest.DisposeAsync();
    }

    [Fact]
    public async Task A_drained_region_gets_no_new_requests_until_it_is_taken_back()
    {
        var (exit, output, _) = await Region("drain", "eu-*", "--reason", "new kernel", "--for", "30m");

        Assert.Equal(0, exit);
        Assert.Contains("eu-west          observed up       forced drain\n", output, StringComparison.Ordinal);
        Assert.Matches(@"until \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ by \S+@\S+: new kernel", output);
        Assert.Contains("A restart of this edge forgets overrides", output, StringComparison.Ordinal);
        Assert.Equal("us-east", await RegionOfLondon());

        Assert.Equal(0, (await Region("undrain", "eu-west", "--reason", "kernel runs")).Exit);
        Assert.Equal("eu-west", await RegionOfLondon());
    }

    [Fact]
    public async Task What_is_observed_and_what_is_forced_stand_side_by_side_everywhere()
    {
        await Region("force-down", "eu-west", "--reason", "wrong <prices>", "--for", "1h");

        var metrics = await Admin("/metrics");
        Assert.Contains("hanzo_edge_region_state{region=\"eu-west\",state=\"up\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("hanzo_edge_region_override{region=\"eu-west\",override=\"force-down\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("hanzo_edge_region_override{region=\"us-east\",override=\"none\"} 1\n", metrics, StringComparison.Ordinal);

        var page = await Admin("/");
        Assert.Contains("""<tr><td>eu-west</td><td><span class="up">up</span></td><td>down</td>""", page, StringComparison.Ordinal);
        Assert.Contains("<tr><td>force-down</td><td>eu-west</td>", page, StringComparison.Ordinal);
        Assert.Contains("wrong &lt;prices&gt;", page, StringComparison.Ordinal);

        using var explained = JsonDocument.Parse(await Admin($"/explain?client={RunningEdge.ClientInLondon}"));
        var candidate = explained.RootElement.GetProperty("candidates").EnumerateArray().Single(one => one.GetProperty("region").GetString() == "eu-west");
        Assert.Equal(("forced-down", "up", "force-down"), (candidate.GetProperty("reason").GetString(), candidate.GetProperty("observed").GetString(), candidate.GetProperty("forced").GetString()));
    }

    [Fact]
    public async Task A_refusal_names_the_rule_and_fails()
    {
        await Region("force-up", "us-east", "--reason", "test", "--for", "1h");

        var second = await Region("drain", "eu-west", "--reason", "test", "--for", "1h");
        var last = await Region("drain", "*", "--reason", "test", "--for", "1h", "--yes-really");
        var unknown = await Region("drain", "asia", "--reason", "test", "--for", "1h");
        var tooLong = await Region("drain", "eu-west", "--reason", "test", "--for", "73h");

        Assert.All(new[] { second, last, unknown, tooLong }, answer => Assert.Equal(1, answer.Exit));
        Assert.StartsWith("region: one at a time: eu-west, us-east would be overridden together", second.Error, StringComparison.Ordinal);
        Assert.StartsWith("region: min serving: 0 regions would be left for read", last.Error, StringComparison.Ordinal);
        Assert.StartsWith("region: region: no region is named asia", unknown.Error, StringComparison.Ordinal);
        Assert.StartsWith("region: for: an override holds longer than 0 and at most 72 h", tooLong.Error, StringComparison.Ordinal);
        Assert.Equal("eu-west", await RegionOfLondon());
    }

    [Theory]
    [InlineData("drain", "eu-west", "--for", "1h")]
    [InlineData("drain", "eu-west", "--reason", "x")]
    [InlineData("drain", "eu-west", "--reason", "x", "--for", "90")]
    [InlineData("undrain", "eu-west", "--reason", "x", "--for", "1h")]
    public void An_order_without_its_reason_or_its_end_is_no_order(params string[] arguments) =>
        Assert.NotEmpty(RegionCommand.Create().Parse(arguments).Errors);

    [Theory]
    [InlineData("text/plain", """{"regions":"*","kind":"drain","reason":"x","by":"y","forSeconds":60}""", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", "{", HttpStatusCode.BadRequest)]
    [InlineData("application/json", "null", HttpStatusCode.BadRequest)]
    [InlineData("application/json", """{"regions":"us-east"}""", HttpStatusCode.BadRequest)]
    [InlineData("application/json", """{"regions":"us-east","kind":"explode","reason":"x","by":"y","forSeconds":60}""", HttpStatusCode.BadRequest)]
    [InlineData("application/json", """{"regions":"us-east","kind":"drain","reason":"x","by":"y","forSeconds":1e300}""", HttpStatusCode.Conflict)]
    [InlineData("application/json", """{"regions":"us-east","kind":"drain","reason":"x","by":"y"}""", HttpStatusCode.Conflict)]
    public async Task What_is_no_order_is_refused(string type, string body, HttpStatusCode status)
    {
        using var http = new HttpClient { BaseAddress = edge.Host.Admin };
        using var response = await http.PostAsync("/overrides", new StringContent(body, Encoding.UTF8, type));

        Assert.Equal(status, response.StatusCode);
        Assert.Empty(edge.Host.State.Board.Overrides);
    }

    [Fact]
    public async Task An_edge_that_is_not_there_is_told_apart()
    {
        var error = new StringWriter();
        var exit = await RegionCommand.Create().Parse(["list", "--admin", "http://127.0.0.1:1"]).InvokeAsync(new InvocationConfiguration { Error = error });

        Assert.Equal(ExitCode.NotReachable, exit);
        Assert.StartsWith("region: no edge answers at http://127.0.0.1:1/", error.ToString(), StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Output, string Error)> Region(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await RegionCommand.Create().Parse([.. arguments, "--admin", edge.Host.Admin.AbsoluteUri]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exit, output.ToString(), error.ToString());
    }

    private async Task<string> RegionOfLondon()
    {
        using var response = await edge.Ask(client: RunningEdge.ClientInLondon);
        return response.Headers.GetValues("Hanzo-Region").Single();
    }

    private async Task<string> Admin(string path)
    {
        using var http = new HttpClient { BaseAddress = edge.Host.Admin };
        return await http.GetStringAsync(path);
    }
}
