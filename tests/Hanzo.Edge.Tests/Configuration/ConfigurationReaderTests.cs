using System.Net;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void The_demo_is_read_without_a_problem()
    {
        var result = Read.Demo();

        Assert.Empty(result.Problems);
        var edge = result.Configuration!;
        Assert.Equal("edge-local", edge.Name);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8080), Assert.Single(edge.Listen).Address);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8081), edge.Admin);
        Assert.Equal(["us-east", "eu-west", "ap-southeast"], edge.Topology.Regions.Select(region => region.Name));
        Assert.Equal(new GeoPoint(53.35, -6.26), edge.Topology.Regions[1].Location);
        Assert.Equal(new Uri("http://127.0.0.1:7102"), Assert.Single(edge.Topology.Regions[1].Endpoints).Address);
        Assert.Equal(TimeSpan.FromMilliseconds(131), edge.Topology.Policy.Latency.ByCountry["AE"]["eu-west"]);
        Assert.Equal(new Place("US", "NA", new GeoPoint(39.04, -77.49)), edge.Topology.Policy.DefaultPlace);
        Assert.Equal(TimeSpan.FromMilliseconds(500), edge.Health.Probe.Timeout);
        Assert.Equal(Path.Combine(Read.Root, "data/geo/hanzo-edge-city.mmdb"), edge.Geo.Database);
        Assert.Equal(["/v1/{**rest}", "/v1/inventory/{**rest}", "/v1/reservations/{**rest}", "/v1/payments/{**rest}", "/v1/orders/{**rest}", "/v1/carts/{id}/checkout"], edge.Routes.Select(route => route.Route.Match.Path));
    }

    [Fact]
    public void The_environment_moves_the_ports()
    {
        var result = Read.Demo(("HANZO_EDGE_PORT", "9000"), ("HANZO_US_EAST_PORT", "9001"));

        Assert.Empty(result.Problems);
        Assert.Equal(9000, result.Configuration!.Listen[0].Address.Port);
        Assert.Equal(9001, result.Configuration.Topology.Regions[0].Endpoints[0].Address.Port);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_problem_and_not_an_exception()
    {
        var result = Read.With().ReadFile("/nowhere/edge.yaml");

        Assert.Null(result.Configuration);
        Assert.Equal("edge.yaml:1:1: error: there is no such file", Assert.Single(result.Problems).Show("edge.yaml"));
    }

    [Fact]
    public void The_version_tells_the_file_by_its_hash()
    {
        var first = Read.Demo().Configuration!.Version;
        var again = Read.Demo().Configuration!.Version;

        Assert.Equal(first, again);
        Assert.Matches("^1-[0-9a-f]{12}$", first.ToString());
    }

    [Fact]
    public void A_value_from_outside_is_never_shown()
    {
        var result = Read.Text(Read.DemoText.Replace("interval: 1s", "interval: \"${env:SECRET}\"", StringComparison.Ordinal), ("SECRET", "hunter2"));

        var problem = Assert.Single(result.Errors);
        Assert.Contains("${env:SECRET}", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Show("edge.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_from_outside_cannot_add_keys()
    {
        var result = Read.Text(Read.DemoText.Replace("name: edge-local", "name: ${env:NAME}", StringComparison.Ordinal), ("NAME", "a\nlisten: []"));

        Assert.Equal(Severity.Error, Assert.Single(result.Problems).Severity);
        Assert.StartsWith("edge.name:", result.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_too_large_to_be_one_is_refused_unread()
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, new byte[5_000_000]);

        var result = Read.With().ReadFile(path);

        File.Delete(path);
        Assert.Contains("at most 1,048,576 are read", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_is_a_problem_and_not_an_exception()
        => Assert.Equal("this is a directory", Assert.Single(Read.With().ReadFile(Path.GetTempPath()).Problems).Message);

    [Fact]
    public void A_default_stands_in_for_an_empty_variable_and_two_dollars_for_one()
    {
        var text = Read.DemoText
            .Replace("state: read", "state: read\n    metadata: { a: \"${env:EMPTY:-b}\", c: \"$${env:EMPTY}\" }", StringComparison.Ordinal);

        var metadata = Read.Text(text, ("EMPTY", "")).Configuration!.Routes[0].Route.Metadata!;

        Assert.Equal(("b", "${env:EMPTY}"), (metadata["a"], metadata["c"]));
    }
}
