using Hanzo.Testing;

namespace Hanzo.System.Tests.Support;

/// <summary>An edge before three regions that can be told to fail and write down each order they execute. Clients are in London, whose region is eu-west.</summary>
public sealed class FailingWorld : IAsyncLifetime
{
    private static readonly string[] Regions = ["eu-west", "us-east", "ap-southeast"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-failing-");
    private readonly int _ports = ReservedPorts.Take(5);
    private readonly Dictionary<string, RunningProgram> _regions = [];
    private RunningProgram _edge = null!;

    /// <summary>Where clients shop.</summary>
    public string Shop => $"http://127.0.0.1:{_ports}/v1/orders";

    public async Task InitializeAsync()
    {
        foreach (var region in Regions)
            Start(region);
        var configuration = Path.Combine(_directory.FullName, "edge.yaml");
        await File.WriteAllTextAsync(configuration, Configuration());
        _edge = RunningProgram.Start(Repository.Edge, ["run", "--config", configuration]);
        await _edge.Says(" serves ");
        // The first request to a fresh region compiles it.
        foreach (var client in (string[])[EdgeWorld.London, EdgeWorld.Ashburn, EdgeWorld.Singapore])
            await Eventually.Holds("every region answers", async () => await Answers(client));
    }

    /// <summary>Starts the nearest region where it is dead, brings it to its senses where it is not, and waits until it serves again.</summary>
    public async Task Heal()
    {
        if (!_regions.ContainsKey("eu-west")) Revive();
        Signal("CONT");
        await Tell("well");
        await Eventually.Holds("London is served by eu-west", async () => await Http.Field(Shop, "Hanzo-Region", EdgeWorld.London) == "eu-west");
    }

    /// <summary>Tells the nearest region how to answer.</summary>
    public Task Tell(string mode) => Eventually.Holds($"eu-west takes '{mode}'", async () =>
    {
        try
        {
            using var response = await Http.Client.PutAsync($"http://127.0.0.1:{_ports + 2}/mode/{mode}", null);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it is only starting
        }
    });

    /// <summary>Ends the nearest region as a power cut would.</summary>
    public async Task Kill()
    {
        if (_regions.Remove("eu-west", out var region)) await region.DisposeAsync();
    }

    /// <summary>Sends the nearest region a signal by its name, such as STOP.</summary>
    public void Signal(string name) => _regions["eu-west"].Signal(name);

    /// <summary>Starts the nearest region after it was killed.</summary>
    public void Revive() => Start("eu-west");

    /// <summary>Every order that any region has executed, as often as it was.</summary>
    public IReadOnlyList<string> Executed() => [.. Regions.Select(Book).Where(File.Exists).SelectMany(Read)];

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        foreach (var region in _regions.Values)
            await region.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static IReadOnlyList<string> Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private void Start(string region) =>
        _regions[region] = RunningProgram.Start(Repository.FailingRegion, ["region", $"{_ports + 2 + Array.IndexOf(Regions, region)}", Book(region)]);

    private string Book(string region) => Path.Combine(_directory.FullName, $"{region}.executed");

    private async Task<bool> Answers(string client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Shop);
        request.Headers.Add("X-Forwarded-For", client);
        try
        {
            using var response = await Http.Client.SendAsync(request);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string Configuration() => $$"""
        version: 1
        edge: { name: edge-failing }
        listen: [{ address: "127.0.0.1:{{_ports}}" }]
        admin: { address: "127.0.0.1:{{_ports + 1}}" }
        clients: { trustedProxies: [127.0.0.0/8] }
        geo: { database: "{{EdgeWorld.Database}}" }
        regions:
          eu-west: { location: [53.35, -6.26], endpoints: ["http://127.0.0.1:{{_ports + 2}}"] }
          us-east: { location: [39.04, -77.49], endpoints: ["http://127.0.0.1:{{_ports + 3}}"] }
          ap-southeast: { location: [1.35, 103.82], endpoints: ["http://127.0.0.1:{{_ports + 4}}"] }
        health:
          probe: { path: /readyz, interval: 1s, timeout: 1s, fall: 2, rise: 1 }
          slowStart: 0s
          passive: { ejectFor: 100ms }   # each fault begins with a region that is trusted again
        failover: { requests: 1s }
        routes:
          shop:
            match: { path: "/v1/{**rest}" }
            timeout: 3s
            failover: { deduplicates: true }

        """;
}
