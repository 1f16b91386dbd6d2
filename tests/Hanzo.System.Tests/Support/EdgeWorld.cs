using System.Text.Json;
using Hanzo.Testing;

namespace Hanzo.System.Tests.Support;

/// <summary>Three nodes and an edge as processes, run by a copy of the demo's configuration that a test may change.</summary>
internal sealed class EdgeWorld : IAsyncDisposable
{
    public const string London = "18.175.67.94";
    public const string Ashburn = "66.198.10.157";
    public const string Singapore = "180.87.97.74";

    /// <summary>The location database of the demo.</summary>
    public static readonly string Database = Path.Combine(Repository.Root, "data", "geo", "hanzo-edge-city.mmdb");

    /// <summary>A whole and valid one that knows hardly a network, so that nearly every client is at the default place.</summary>
    public static readonly string OtherDatabase = Path.Combine(Repository.Root, "tests", "Hanzo.Edge.Tests", "Fixtures", "geo", "maxmind-test", "test-data", "GeoIP2-City-Test.mmdb");

    private static readonly string[] Regions = ["us-east", "eu-west", "ap-southeast"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-edge-");
    private readonly int _ports = ReservedPorts.Take(5);
    private readonly Dictionary<string, RunningProgram> _nodes = [];

    private readonly string _database;

    /// <summary>Whether a node was ended that the edge may remember.</summary>
    private bool _isMarked;

    private EdgeWorld()
    {
        ConfigurationFile = Path.Combine(_directory.FullName, "edge.yaml");
        _database = Path.Combine(_directory.FullName, "city.mmdb");
        File.Copy(Database, _database);
        Write(text => text);
    }

    public string ConfigurationFile { get; }

    /// <summary>Where the edge keeps what operators ordered.</summary>
    public string Overrides => Path.Combine(_directory.FullName, "overrides.json");

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
        await world.EveryRegionAnswers();
        return world;
    }

    /// <summary>Starts what a test ended, brings back the demo's configuration and location database, and forgets what the edge wrote.</summary>
    public async Task Restore()
    {
        foreach (var region in Regions.Where(region => !_nodes.ContainsKey(region)))
            StartNode(region);
        RenameDatabase(Database);
        Write(text => text);
        Edge.Forget();
        if (Edge.HasExited || _isMarked)
        {
            // An edge remembers for a while what failed, and a fresh one nothing.
            await RestartEdge();
            _isMarked = false;
        }
        else
        {
            Edge.Signal("HUP");
            await Eventually.Holds("the edge has read it", () => Array.Exists(["is in use", "nothing changed", "is again what runs"], said => Edge.Output.Contains(said, StringComparison.Ordinal)));
        }
        await EveryRegionAnswers();
        Edge.Forget();
    }

    /// <summary>Ends the edge as a power cut would, where it has not ended yet, and starts it again.</summary>
    public async Task RestartEdge()
    {
        await Edge.DisposeAsync();
        Edge = RunEdge();
        await IsReady();
    }

    public void StartNode(string region)
    {
        var port = _ports + 2 + Array.IndexOf(Regions, region);
        _nodes[region] = RunningProgram.Start(Repository.Node, ["run", "--region", region, "--name", $"{region}-1", "--listen", $"127.0.0.1:{port}"]);
    }

    /// <summary>Ends a region's node as a power cut would.</summary>
    public async Task KillNode(string region)
    {
        _isMarked = true;
        await _nodes[region].DisposeAsync();
        _nodes.Remove(region);
    }

    /// <summary>Replaces the configuration by what <paramref name="change"/> makes of the demo's, in one rename as editors do.</summary>
    public void Write(Func<string, string> change)
    {
        File.WriteAllText(ConfigurationFile + ".new", change(DemoConfiguration()));
        File.Move(ConfigurationFile + ".new", ConfigurationFile, overwrite: true);
    }

    /// <summary>The same, into the file as it is.</summary>
    public void WriteInPlace(Func<string, string> change) => File.WriteAllText(ConfigurationFile, change(DemoConfiguration()));

    /// <summary>The same, by a link that is turned to another file.</summary>
    public void WriteByLink(Func<string, string> change) => Turn(ConfigurationFile, file => File.WriteAllText(file, change(DemoConfiguration())));

    /// <summary>Puts a copy of <paramref name="other"/> in the place of the location database by a rename.</summary>
    public void RenameDatabase(string other)
    {
        File.Copy(other, _database + ".new", overwrite: true);
        File.Move(_database + ".new", _database, overwrite: true);
    }

    /// <summary>The same, into the file as it is.</summary>
    public void OverwriteDatabase(string other) => File.WriteAllBytes(_database, File.ReadAllBytes(other));

    /// <summary>The same, by a link that is turned to another file.</summary>
    public void LinkDatabase(string other) => Turn(_database, file => File.Copy(other, file));

    /// <summary>Another edge, on the same ports unless told others.</summary>
    public RunningProgram RunEdge(int? clients = null, int? admin = null) => RunningProgram.Start(Repository.Edge, ["run", "--config", ConfigurationFile], new Dictionary<string, string>
    {
        ["HANZO_EDGE_PORT"] = $"{clients ?? _ports}",
        ["HANZO_EDGE_ADMIN_PORT"] = $"{admin ?? _ports + 1}",
        ["HANZO_US_EAST_PORT"] = $"{_ports + 2}",
        ["HANZO_EU_WEST_PORT"] = $"{_ports + 3}",
        ["HANZO_AP_SOUTHEAST_PORT"] = $"{_ports + 4}",
    });

    /// <summary>The region that answers a client.</summary>
    public Task<string> RegionOf(string client) => Http.Field(Products, "Hanzo-Region", client);

    /// <summary>Waits until a client is served by a region: on a busy machine one may be too slow for a probe, and clients go further for a moment.</summary>
    public Task Lands(string client, string region) => Eventually.Holds($"{region} answers in time", async () => await RegionOf(client) == region);

    /// <summary>Whether an edge that answers this at /regions sees all of them up.</summary>
    public static bool AreUp(JsonElement regions) => regions.GetProperty("regions").EnumerateArray().All(region => region.GetProperty("observed").GetString() == "up");

    /// <summary>Whether the metrics page has this line.</summary>
    public Task<bool> Measures(string line) => Measures(line.Equals);

    /// <summary>Whether the metrics page has a line like this.</summary>
    public async Task<bool> Measures(Predicate<string> line) =>
        Array.Exists((await Http.Client.GetStringAsync($"{Admin}/metrics")).Split('\n'), line);

    public async ValueTask DisposeAsync()
    {
        await Edge.DisposeAsync();
        foreach (var node in _nodes.Values)
            await node.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task EveryRegionAnswers()
    {
        // The first request to a fresh node compiles it, which on a busy machine takes longer than an attempt may.
        foreach (var (client, region) in new[] { (London, "eu-west"), (Ashburn, "us-east"), (Singapore, "ap-southeast") })
            await Lands(client, region);
    }

    private Task IsReady() =>
        Eventually.Holds("the edge is ready", async () =>
            Edge.HasExited ? throw new InvalidOperationException($"the edge ended:\n{Edge.Output}") : await Http.Status($"{Admin}/readyz") == 200);

    /// <summary>The demo's configuration, with the location database in another place.</summary>
    public static string Demo(string database) => File.ReadAllText(Path.Combine(Repository.Root, "config", "edge.yaml"))
        .Replace("../data/geo/hanzo-edge-city.mmdb", database, StringComparison.Ordinal);

    // A node that is slow to answer is a busy machine's; one that was killed refuses connections.
    // DNS is left out: these tests ask requests.
    private string DemoConfiguration() => Demo(_database).Split("\ndns:")[0]
        .Replace(", dns: 20s", "", StringComparison.Ordinal)
        .Replace("interval: 1s, timeout: 500ms", "interval: 2s, timeout: 2s", StringComparison.Ordinal)
        .Replace("\nhealth:\n", $"\nhealth:\n  overrides: {{ file: {Overrides} }}\n  passive: {{ ejectFor: 1s }}\n", StringComparison.Ordinal);

    private void Turn(string link, Action<string> write)
    {
        var target = Path.Combine(_directory.CreateSubdirectory(Path.GetRandomFileName()).FullName, Path.GetFileName(link));
        write(target);
        File.CreateSymbolicLink(link + ".new", target);
        File.Move(link + ".new", link, overwrite: true);
    }
}

/// <summary>One world for all tests that leave it as it was, or restore it.</summary>
public sealed class RunningEdgeWorld : IAsyncLifetime
{
    internal EdgeWorld World { get; private set; } = null!;

    public async Task InitializeAsync() => World = await EdgeWorld.Start();

    public async Task DisposeAsync() => await World.DisposeAsync();
}
