using System.Collections.Immutable;

namespace Hanzo.Drills.Worlds;

/// <summary>Who is in a world and on which port each stands, all on 127.0.0.1.</summary>
/// <param name="EdgePort">Where clients connect.</param>
/// <param name="AdminPort">Metrics, readiness and explain of the edge.</param>
/// <param name="Nodes">One commerce node a region.</param>
internal sealed record WorldPlan(int EdgePort, int AdminPort, ImmutableArray<NodePlan> Nodes)
{
    /// <summary>Ports that a port base moves: the edge, its admin address and a node a region, one after another.</summary>
    public const int PortCount = 5;

    private static readonly string[] Regions = ["us-east", "eu-west", "ap-southeast"];

    public string EdgeUrl => $"http://127.0.0.1:{EdgePort}";

    public string AdminUrl => $"http://127.0.0.1:{AdminPort}";

    /// <summary>Every port with who needs it.</summary>
    public IEnumerable<(int Port, string Owner)> Ports =>
        [(EdgePort, "the edge"), (AdminPort, "the edge's admin address"), .. Nodes.Select(node => (node.Port, $"the node {node.Name}"))];

    /// <summary>Edge 8080, admin 8081, nodes 7101 to 7103; with a base N: edge N, admin N+1, nodes N+2 to N+4.</summary>
    public static WorldPlan At(int? portBase) => portBase is { } n
        ? new WorldPlan(n, n + 1, NodesFrom(n + 2))
        : new WorldPlan(8080, 8081, NodesFrom(7101));

    private static ImmutableArray<NodePlan> NodesFrom(int port) =>
        [.. Regions.Select((region, index) => new NodePlan($"{region}-1", region, port + index))];
}

/// <summary>One commerce node.</summary>
internal sealed record NodePlan(string Name, string Region, int Port)
{
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The variable by which config/edge.yaml learns the port.</summary>
    public string PortVariable => $"HANZO_{Region.ToUpperInvariant().Replace('-', '_')}_PORT";
}
