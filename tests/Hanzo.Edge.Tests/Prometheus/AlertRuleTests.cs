using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Hanzo.Edge.Peering;
using Hanzo.Edge.Tests.Configuration;
using Hanzo.Edge.Tests.Proxying;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Prometheus;

/// <summary>The alerts fire when they should, and watch what an edge really shows.</summary>
public sealed partial class AlertRuleTests
{
    private static readonly string Rules = Path.Combine(Read.Root, "config/prometheus/alerts.yml");
    private static readonly string[] Tests = Directory.GetFiles(Path.Combine(Read.Root, "tests/Hanzo.Edge.Tests/Prometheus"), "*.test.yml");

    [Fact]
    public async Task They_fire_when_they_should_and_only_then()
    {
        var (exit, said) = await Promtool(["test", "rules", .. Tests]);

        Assert.True(exit == 0, said);
    }

    [Fact]
    public async Task Every_alert_is_tried()
    {
        var tried = string.Concat(Tests.Select(File.ReadAllText));

        Assert.All(AlertName().Matches(await File.ReadAllTextAsync(Rules)), alert => Assert.Contains($"alertname: {alert.Groups["name"]}", tried, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_they_watch_is_on_the_page_of_an_edge_from_the_start()
    {
        await using var upstream = await Upstream.Start(context => context.Response.WriteAsync("ok"));
        await using var edge = await RunningEdge.Start(RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, new Uri("http://127.0.0.1:1"))) with
        {
            Peers = new PeerOptions
            {
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                Key = "correct horse battery staple",
                Members = ImmutableDictionary<string, Uri>.Empty.Add("edge-2", new Uri("http://127.0.0.1:1")),
            },
        });
        using var http = new HttpClient { BaseAddress = edge.Host.Admin };
        var page = await http.GetStringAsync("/metrics");

        // What the program adds around the host, configuration and location, has its own tests.
        var watched = MetricName().Matches(await File.ReadAllTextAsync(Rules)).Select(match => match.Value).Where(name => !name.Contains("_config_", StringComparison.Ordinal) && !name.Contains("_geo_", StringComparison.Ordinal)).Distinct();
        Assert.All(watched, name => Assert.Matches($@"(?m)^{name}(\{{| )", page));
    }

    private static async Task<(int Exit, string Said)> Promtool(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    [GeneratedRegex("alert: (?<name>[A-Za-z]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex AlertName();

    [GeneratedRegex("hanzo_edge_[a-z_]+")]
    private static partial Regex MetricName();
}
