using System.Collections.Immutable;
using Hanzo.Drills.Wan;

namespace Hanzo.Drills.Worlds;

/// <summary>Who runs where in a world.</summary>
/// <param name="Edges">At least one.</param>
/// <param name="Nodes">One or more commerce nodes a region.</param>
internal sealed record WorldPlan(ImmutableArray<EdgePlan> Edges, ImmutableArray<NodePlan> Nodes)
{
    /// <summary>Ports that a port base moves in the demo: the edge, its admin address, a node a region and DNS, one after another.</summary>
    public const int PortCount = 6;

    private static readonly string[] DemoRegions = ["us-east", "eu-west", "ap-southeast"];

    /// <summary>Where nodes find the drill's gateway, on their own loopback address; null where there is none.</summary>
    public int? GatewayPort { get; init; }

    /// <summary>Where the drill answers the edges' questions for names; null where they ask none.</summary>
    public int? NamesPort { get; init; }

    public string EdgeUrl => Edges[0].Url;

    public string AdminUrl => Edges[0].AdminUrl;

    public IEnumerable<string> Regions => Nodes.Select(node => node.Region).Distinct();

    /// <summary>Every address and port with who needs it.</summary>
    public IEnumerable<NeededPort> Ports =>
    [
        .. Edges.SelectMany(edge => new NeededPort[] { new(edge.Address, edge.Port, $"the {edge.Called}"), new(edge.Address, edge.AdminPort, $"the {edge.Called}'s admin address") }),
        .. Nodes.Select(node => new NeededPort(node.Address, node.Port, $"the node {node.Name}")),
        .. Nodes.Where(node => node.LinkPort != node.Port).Select(node => new NeededPort("127.0.0.1", node.LinkPort, $"the link to {node.Name}")),
        .. GatewayPort is { } gateway && Nodes.All(node => node.Site is null) ? new NeededPort[] { new("127.0.0.1", gateway, "the drill's gateway") } : [],
        .. NamesPort is { } names ? new NeededPort[] { new("127.0.0.1", names, "the drill's name server", AlsoUdp: true) } : [],
        .. Edges.Where(edge => edge.PeerPort is not null).Select(edge => new NeededPort(edge.Address, edge.PeerPort!.Value, $"the {edge.Called}'s address for the other edges")),
        .. Edges.Where(edge => edge.DnsPort is not null).Select(edge => new NeededPort(edge.Address, edge.DnsPort!.Value, $"the {edge.Called}'s DNS", AlsoUdp: true)),
    ];

    /// <summary>The demo. Edge 8080, admin 8081, nodes 7101 to 7103, DNS 5353; with a base N: edge N, admin N+1, nodes N+2 to N+4, DNS N+5.</summary>
    public static WorldPlan At(int? portBase) => portBase is { } n
        ? new WorldPlan([new EdgePlan("edge", "127.0.0.1", n, n + 1) { DnsPort = n + 5 }], DemoNodes(n + 2))
        : new WorldPlan([new EdgePlan("edge", "127.0.0.1", 8080, 8081) { DnsPort = 5353 }], DemoNodes(7101));

    /// <summary>A declared world on ports from <paramref name="portBase"/> on: edges N and N+1, with DNS N+2 and N+3, then those of each node.</summary>
    /// <param name="linked">The regions whose nodes have a port more, where a drill stands between them and the edges.</param>
    public static WorldPlan Of(WorldFile file, int portBase, IReadOnlyCollection<string>? linked = null)
    {
        var port = portBase + (file.Dns ? 4 : 2);
        return new WorldPlan(
            [.. file.Edges.Select((edge, i) => new EdgePlan(edge.Name, $"127.0.0.{i + 1}", portBase, portBase + 1)
            {
                Region = edge.Region,
                DnsPort = file.Dns ? portBase + 2 : null,
                PeerPort = file.Dns ? portBase + 3 : null,
            })],
            [.. from region in file.Regions
                from number in Enumerable.Range(1, region.Nodes)
                let own = port++
                select new NodePlan($"{region.Name}-{number}", region.Name, own) { LinkPort = linked?.Contains(region.Name) == true ? port++ : own }])
        {
            GatewayPort = portBase + FreePorts.BlockSize - 1,
            NamesPort = file.ByName ? portBase + FreePorts.BlockSize - 2 : null,
        };
    }

    /// <summary>A declared world with a WAN: everybody has an address of its own, so ports are those of the demo.</summary>
    public static WorldPlan Of(WorldFile file, WanPlan wan) => new(
        [.. file.Edges.Select((edge, i) => new EdgePlan(edge.Name, wan.EdgeAddress(edge, i), 8080, 8081) 
            {
                Region = edge.Region,
                Site = edge.Region ?? edge.Name,
                DnsPort = file.Dns ? 5353 : null,
                PeerPort = file.Dns ? 8082 : null,
            })],
        [.. from region in file.Regions
            from number in Enumerable.Range(1, region.Nodes)
            select new NodePlan($"{region.Name}-{number}", region.Name, 7101) { Address = wan.NodeAddress(region.Name, number), Site = region.Name }])
    {
        GatewayPort = 7300,
    };

    private static ImmutableArray<NodePlan> DemoNodes(int port) =>
        [.. DemoRegions.Select((region, index) => new NodePlan($"{region}-1", region, port + index))];
}

/// <summary>An address and port, and who needs it.</summary>
internal sealed record NeededPort(string Address, int Port, string Owner, bool AlsoUdp = false);

/// <summary>One edge.</summary>
/// <param name="AdminPort">Metrics, readiness and explain.</param>
internal sealed record EdgePlan(string Name, string Address, int Port, int AdminPort)
{
    /// <summary>Where it answers DNS, UDP and TCP; null where it does not.</summary>
    public int? DnsPort { get; init; }

    /// <summary>Where it hears the other edges; null where it does not.</summary>
    public int? PeerPort { get; init; }

    /// <summary>The region it stands in; null where it stands nowhere in particular.</summary>
    public string? Region { get; init; }

    /// <summary>Where it runs in a world with a WAN; null where there is none.</summary>
    public string? Site { get; init; }

    /// <summary>What a person calls it.</summary>
    public string Called => Name == "edge" ? "edge" : $"edge {Name}";

    public string Url => $"http://{Address}:{Port}";

    public string AdminUrl => $"http://{Address}:{AdminPort}";
}

/// <summary>One commerce node.</summary>
internal sealed record NodePlan(string Name, string Region, int Port)
{
    /// <summary>Where edges reach it: its own port, or one that a drill stands before it with.</summary>
    public int LinkPort { get; init; } = Port;

    /// <summary>Where it runs in a world with a WAN; null where there is none.</summary>
    public string? Site { get; init; }

    public string Address { get; init; } = "127.0.0.1";

    public const string LoopbackAddress = "127.0.0.1";

    /// <summary>Where a node can be reached after its region has moved.</summary>
    public const string MovedAddress = "127.0.3.1";

    /// <summary>An address apart from the clients', so that both may have the same port.</summary>
    public const string InnerAddress = "127.0.1.1";

    public string Url => $"http://{Address}:{Port}";

    /// <summary>What edges are configured with.</summary>
    public string EndpointUrl => $"http://{Address}:{LinkPort}";

    /// <summary>Where the other nodes reach it.</summary>
    public string Inner => Site is null ? $"{InnerAddress}:{Port}" : $"{Address}:{Port + 100}";

    /// <summary>The variable by which config/edge.yaml learns the port.</summary>
    public string PortVariable => $"HANZO_{Region.ToUpperInvariant().Replace('-', '_')}_PORT";
}
