using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Worlds;

public sealed class WorldPlanTests
{
    [Fact]
    public void Without_a_base_the_ports_are_those_that_the_documents_name() =>
        Assert.Equal([8080, 8081, 7101, 7102, 7103, 5353], WorldPlan.At(null).Ports.Select(needed => needed.Port));

    [Fact]
    public void A_base_moves_every_port() =>
        Assert.Equal([9000, 9001, 9002, 9003, 9004, 9005], WorldPlan.At(9000).Ports.Select(needed => needed.Port));

    [Fact]
    public void Every_node_has_the_variable_that_the_configuration_reads()
    {
        var configuration = File.ReadAllText(Path.Combine(SourceTree.FindRoot(AppContext.BaseDirectory)!, "config", "edge.yaml"));
        foreach (var node in WorldPlan.At(null).Nodes)
            Assert.Contains($"${{env:{node.PortVariable}:-{node.Port}}}", configuration, StringComparison.Ordinal);
        Assert.Contains($"${{env:HANZO_EDGE_DNS_PORT:-{WorldPlan.At(null).Edges[0].DnsPort}}}", configuration, StringComparison.Ordinal);
    }
}
