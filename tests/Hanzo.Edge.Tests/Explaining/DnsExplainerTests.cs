using System.CommandLine;
using System.Net;
using Hanzo.Edge.Cli;
using Hanzo.Edge.Explaining;
using Hanzo.Edge.Tests.Configuration;

namespace Hanzo.Edge.Tests.Explaining;

public sealed class DnsExplainerTests
{
    [Fact]
    public async Task A_query_is_explained_with_its_answer_TTL_scope_and_reasons()
    {
        var (exit, output, _) = await Explain("--ecs", "18.175.67.0/24", "--name", "shop.edge.test");
        Assert.Equal(
            """
            shop.edge.test leads 18.175.67.0/24 to eu-west
              A       203.0.113.2
              AAAA    2001:db8:2::1
              ttl     15 s, of 5 to 15 s
              scope   18.174.0.0/15
              place   GB, EU at 52.65, -1.52 (by location table, /15)
              over    regions that serve read
              1.  eu-west          nearest         33.5 ms    326.5 km  by distance
              2.  us-east          farther        124.7 ms     5788 km  by distance
              3.  ap-southeast     farther        210.3 ms  10913.5 km  by distance
              configuration 1, health 0
            """, output.TrimEnd());
        Assert.Equal(0, exit);
    }

    [Fact]
    public async Task A_resolver_that_tells_no_network_is_the_client_itself()
    {
        var (_, output, _) = await Explain("--client", "180.87.97.74", "--name", "shop.edge.test", "-o", "json");
        Assert.Contains("\"by\":\"resolver\",\"answer\":{\"A\":[\"203.0.113.3\"]", output, StringComparison.Ordinal);
        Assert.Contains("\"scope\":null", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ecs 0.0.0.0/0 --name shop.edge.test", 1, "name the resolver with --client IP")]
    [InlineData("--ecs 18.175.67.0/24 --name ns1.edge.test", 1, "is not steered")]
    [InlineData("--ecs 18.175.67.0/24 --name a..b", 1, "is not a domain name")]
    [InlineData("--ecs 18.175.67 --name shop.edge.test", 2, "is not a network")]
    [InlineData("--ecs 18.175.67.0/24", 2, "A DNS query has a --name")]
    [InlineData("--ecs 18.175.67.0/24 --name shop.edge.test --path /", 2, "only --ecs, --client")]
    public async Task What_cannot_be_explained_says_why(string arguments, int exit, string wrong)
    {
        var (code, _, error) = await Explain(arguments.Split(' '));
        Assert.Contains(wrong, error, StringComparison.Ordinal);
        Assert.Equal(exit, code);
    }

    [Fact]
    public void An_edge_without_DNS_says_so() =>
        Assert.Contains("has no DNS server", DnsExplainer.Explain(null, new DnsQuestion("shop.edge.test", IPNetwork.Parse("192.0.2.0/24"), true)).Wrong!, StringComparison.Ordinal);

    private static async Task<(int Exit, string Output, string Error)> Explain(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parsed = ExplainCommand.Create(Read.With()).Parse([.. arguments, "--config", Read.DemoFile]);
        if (parsed.Errors.Count > 0) return (2, "", string.Join('\n', parsed.Errors.Select(wrong => wrong.Message)));
        return (await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }), output.ToString(), error.ToString());
    }
}
