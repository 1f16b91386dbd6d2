using Hanzo.Testing;

namespace Hanzo.System.Tests.Support;

/// <summary>Three nodes and an edge as processes, run by a copy of the demo's configuration that a test may change.</summary>
internal sealed class EdgeWorld : IAsyncDisposable
{
    public const string London = "18.175.67.94";
    public const string Ashburn = "66.198.10.157";
    public const string Singapore = "180.87.97.74";

    private static readonly string[] Regions = ["us-east", "eu-west", "ap-southeast"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-edge-");
    private readonly int _ports = Repository.FreePorts(5);
    private readonly Dictionary<string, RunningProgram> _nodes = [];

    private EdgeWorld()
    {
        ConfigurationFile = Path.Combine(_directory.FullName, "edge.yaml");
        Write(text => text);
    }

    public string ConfigurationFile { get; }

    public RunningProgram Edge { get; private set; } = null!;

    public int EdgePort => _ports;

    public string Products => $"http://127.0.0.1:{_ports}/v1/products?limit=1";

    public string Admin => $"http://127.0.0.1:{_ports + 1}";

    public static async Task<EdgeWorld> Start()
    {
        var world = new EdgeWorld();
        foreach (var region in Regions)
            world.StartNode(region);
        world.Edge = world.RunEdge();
        await world.IsReady();
        return world;
    }

    public void StartNode(string region)
    {
        var port = _ports + 2 + Array.IndexOf(Regions, region);
        _nodes[region] = RunningProgram.Start(Repository.Node, ["run", "--region", region, "--name", $"{region}-1", "--listen", $"127.0.0.1:{port}"]);
    }

    /// <summary>Ends a region's node as a power cut would.</summary>
    public async Task KillNode(string region)
    {
        await _nodes[region].DisposeAsync();
        _nodes.Remove(region);
    }

    /// <summary>Replaces the configuration by what <paramref name="change"/> makes of the demo's, in one rename as editors do.</summary>
    public void Write(Func<string, string> change)
    {
        var config = Path.Combine(Repository.Root, "config");
        var text = File.ReadAllText(Path.Combine(config, "edge.yaml")).Replace("../data", Path.Combine(Repository.Root, "data"), StringComparison.Ordinal);
        File.WriteAllText(ConfigurationFile + ".new", change(text));
        File.Move(ConfigurationFile + ".new", ConfigurationFile, overwrite: true);
    }

    /// <summary>Another edge on the same ports.</summary>
    public RunningProgram RunEdge() => RunningProgram.Start(Repository.Edge, ["run", "--config", ConfigurationFile], new Dictionary<string, string>
    {
        ["HANZO_EDGE_PORT"] = $"{_ports}",
        ["HANZO_EDGE_ADMIN_PORT"] = $"{_ports + 1}",
        ["HANZO_US_EAST_PORT"] = $"{_ports + 2}",
        ["HANZO_EU_WEST_PORT"] = $"{_ports + 3}",
        ["HANZO_AP_SOUTHEAST_PORT"] = $"{_ports + 4}",
    });

    /// <summary>The region that answers a client.</summary>
    public Task<string> RegionOf(string client) => Http.Field(Products, "Hanzo-Region", client);

    /// <summary>Whether the metrics page has this line.</summary>
    public async Task<bool> Measures(string line) =>
        (await Http.Client.GetStringAsync($"{Admin}/metrics")).Split('\n').Contains(line);

    public async ValueTask DisposeAsync()
    {
        await Edge.DisposeAsync();
        foreach (var node in _nodes.Values)
            await node.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private Task IsReady() =>
        Eventually.Holds("the edge is ready", async () =>
            Edge.HasExited ? throw new InvalidOperationException($"the edge ended:\n{Edge.Output}") : await Http.Status($"{Admin}/readyz") == 200,
            TimeSpan.FromSeconds(20));
}
