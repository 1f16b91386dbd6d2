using System.Net;
using DnsClient;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Tests.Configuration;
using Hanzo.Edge.Tests.Proxying;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests;

/// <summary>An edge that is led to by addresses out of its own DNS answers. All of 127.0.0.0/8 is this machine's.</summary>
public sealed class EpochsTests
{
    [Fact]
    public async Task A_request_that_comes_by_an_answer_given_no_more_is_counted_by_its_resolver()
    {
        await using var region = await Upstream.Start(context => context.Response.WriteAsync("ok"));
        var port = ReservedPorts.Take();
        await using var edge = await RunningEdge.Start(Configured(region, port, 1));
        var resolver = new LookupClient(new LookupClientOptions(new IPEndPoint(IPAddress.Loopback, port)) { UseCache = false, Timeout = TimeSpan.FromSeconds(10) });

        var first = await Answer();
        Assert.True(IPNetwork.Parse("127.80.0.0/16").Contains(first));
        await Request(first);
        Assert.DoesNotContain("hanzo_edge_stale_answer_requests_total{", await Page(), StringComparison.Ordinal);

        edge.Host.Apply(Configured(region, port, 2));
        await Eventually.Holds("another answer is given", async () => !(await Answer()).Equals(first));
        await Request(first);
        await Request(first);
        await Request(await Answer());
        Assert.Contains("hanzo_edge_stale_answer_requests_total{resolver=\"127.0.0.0/24\"} 2\n", await Page(), StringComparison.Ordinal);
        Assert.Contains("hanzo_edge_stale_answer_age_seconds_count 2\n", await Page(), StringComparison.Ordinal);

        async Task<IPAddress> Answer() => (await resolver.QueryAsync("www.edge.test", QueryType.A)).Answers.ARecords().Single().Address;

        async Task Request(IPAddress address)
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            Assert.Equal("ok", await client.GetStringAsync(new UriBuilder(edge.Address) { Host = address.ToString() }.Uri));
        }

        Task<string> Page() => edge.Client.GetStringAsync(new Uri(edge.Host.Admin, "/metrics"));
    }

    [Fact]
    public void A_network_too_small_to_tell_answers_apart_is_refused() =>
        Assert.Contains(Read.Text(Text.Replace("127.80.0.0/16", "127.80.0.0/21", StringComparison.Ordinal), ("PORT", "5353")).Errors, problem => problem.Message.Contains("is too small", StringComparison.Ordinal) && problem.Fix == "/20 or wider");

    private static string Text => Read.DemoText.Split("\ndns:")[0].Replace(", dns: 20s", "", StringComparison.Ordinal) + """

        dns:
          listen: ["127.0.0.1:${env:PORT}"]
          sites:
            edge-local: { location: [39.04, -77.49], addresses: ["2001:db8::1"], epochs: 127.80.0.0/16 }
          zones:
            edge.test:
              soa: { primary: ns1, mailbox: admin }
              records: ["@ 60 NS ns1", "ns1 60 A 192.0.2.53"]
              steered:
                www: { over: sites }
        """;

    private static EdgeConfiguration Configured(Upstream region, int port, long version)
    {
        var file = Read.Text(Text, ("PORT", $"{port}"));
        return RunningEdge.Configured(RunningEdge.Topology(region.Http1, region.Http1, version)) with
        {
            Listen = [new ListenOptions { Address = new IPEndPoint(IPAddress.Any, 0) }],
            Dns = file.Configuration!.Dns,
        };
    }
}
