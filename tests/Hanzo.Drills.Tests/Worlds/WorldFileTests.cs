using Hanzo.Drills.Declarations;
using Hanzo.Drills.Worlds;
using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Tests.Worlds;

public sealed class WorldFileTests
{
    private const string Three =
        """
        version: 1
        regions:
          us-east: { location: [39.04, -77.49], nodes: 2 }
          eu-west: { location: [53.35, -6.26] }
          ap-southeast: { location: [1.35, 103.82] }
        edges:
          edge-us: { region: us-east }
          edge-eu: { region: eu-west }
        settings:
          health:
            probe: { interval: 1s, timeout: 500ms }
        """;

    private static Declared<WorldFile> Read(string text) => Declared<WorldFile>.From(text, "world.yaml", WorldFile.Read);

    private static string Configuration(WorldFile file) =>
        EdgeConfigurationText.Of(file, WorldPlan.Of(file, 9000), WorldPlan.Of(file, 9000).Edges[1], "places.mmdb");

    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Path.Combine(SourceTree.FindRoot(AppContext.BaseDirectory)!, "config", "worlds"))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_world_can_be_read(string file) => Assert.Empty(WorldFile.Read(file).Problems);

    [Fact]
    public void Every_edge_has_an_address_of_its_own_on_the_same_port_and_every_node_its_port()
    {
        var plan = WorldPlan.Of(Read(Three).Value!, 9000);

        Assert.Equal(["http://127.0.0.1:9000", "http://127.0.0.2:9000"], plan.Edges.Select(edge => edge.Url));
        Assert.Equal(["us-east-1:9002", "us-east-2:9003", "eu-west-1:9004", "ap-southeast-1:9005"], plan.Nodes.Select(node => $"{node.Name}:{node.Port}"));
        Assert.All(plan.Nodes, node => Assert.Equal(node.Port, node.LinkPort));
    }

    [Fact]
    public void A_linked_region_has_a_second_port_before_its_nodes()
    {
        var plan = WorldPlan.Of(Read(Three).Value!, 9000, linked: ["us-east"]);

        Assert.Equal([9002, 9004, 9006, 9007], plan.Nodes.Select(node => node.Port));
        Assert.Equal([9003, 9005, 9006, 9007], plan.Nodes.Select(node => node.LinkPort));
        Assert.Equal(plan.Ports.Count(), plan.Ports.Distinct().Count());
    }

    [Fact]
    public void The_configuration_of_an_edge_says_what_the_world_makes_and_what_its_file_says()
    {
        var text = Configuration(Read(Three).Value!);

        Assert.Contains("edge: {name: edge-eu}", text, StringComparison.Ordinal);
        Assert.Contains("- address: 127.0.0.2:9000", text, StringComparison.Ordinal);
        Assert.Contains("endpoints: [\"http://127.0.0.1:9002\", \"http://127.0.0.1:9003\"]", text, StringComparison.Ordinal);
        Assert.Contains("probe: {interval: 1s, timeout: 500ms}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_settings_win_at_any_depth_and_leave_the_rest()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader("health: { probe: { timeout: 200ms } }\nfailover: { requests: 1s }"));

        var text = Configuration(Read(Three).Value!.With((YamlMappingNode)stream.Documents[0].RootNode));

        Assert.Contains("probe: {interval: 1s, timeout: 200ms}", text, StringComparison.Ordinal);
        Assert.Contains("requests: 1s", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_is_told_with_its_place()
    {
        Assert.Equal(
            [
                "world.yaml:1:10: error: version: '2' is not one of 1",
                "world.yaml:3:12: error: regions.us-east: the key 'location' is missing",
                "world.yaml:3:14: error: regions.us-east.locations: this key is not known; did you mean 'location'?",
                "world.yaml:4:25: error: regions.eu-west.location[0]: '253.35' is not a number from -180 to 180",
                "world.yaml:5:44: error: regions.ap-southeast.nodes: '9' is not a number from 1 to 3",
                "world.yaml:7:8: error: settings.geo: the world makes this section itself",
            ],
            Read("""
                version: 2
                regions:
                  us-east: { locations: [39.04, -77.49] }
                  eu-west: { location: [253.35, -6.26] }
                  ap-southeast: { location: [1, 2], nodes: 9 }
                settings:
                  geo: { database: x }
                """).Problems);
    }

    [Theory]
    [InlineData("version: 1\nregions: [", "world.yaml:")]
    [InlineData("", "world.yaml:1:1: error: one YAML document is expected")]
    [InlineData("version: 1\nregions: {}\nsettings: {}", "world.yaml:1:1: error: regions: a world has 3 to 8, this one 0")]
    [InlineData("version: 1\nversion: 1", "world.yaml:2:1: error: not YAML: ")]
    public void A_file_that_is_no_world_is_refused(string text, string problem) =>
        Assert.Contains(Read(text).Problems, line => line.StartsWith(problem, StringComparison.Ordinal));

    [Fact]
    public void Edges_with_dns_hear_each_other_and_lead_to_each_other_by_their_own_addresses()
    {
        var text = Configuration(Read(Three.Replace("regions:\n", "dns: true\nregions:\n", StringComparison.Ordinal)).Value!);

        Assert.Contains("http://127.0.0.1:9003", text, StringComparison.Ordinal);
        Assert.Contains("127.0.0.2:9002", text, StringComparison.Ordinal);
        Assert.Matches(@"edge-us: \{location: \[39\.04, -77\.49\], addresses: \[127\.0\.0\.1\], region: us-east\}", text);
        Assert.Equal(9006, WorldPlan.Of(Read(Three.Replace("regions:\n", "dns: true\nregions:\n", StringComparison.Ordinal)).Value!, 9000).Nodes[2].Port);
    }

    [Fact]
    public void Dns_before_one_edge_leads_nowhere_else() =>
        Assert.Contains(Read(Three.Replace("  edge-eu: { region: eu-west }", "", StringComparison.Ordinal) + "\ndns: true\n").Problems, problem => problem.Contains("there must be two at least", StringComparison.Ordinal));
}
