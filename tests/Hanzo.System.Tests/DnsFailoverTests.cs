using System.Collections.Concurrent;
using DnsClient;
using Hanzo.System.Tests.Support;
using Hanzo.Testing;

namespace Hanzo.System.Tests;

/// <summary>Two edges that answer DNS with their own addresses, asked through a resolver that keeps answers as clients' resolvers do.</summary>
public sealed class DnsFailoverTests : IAsyncLifetime
{
    /// <summary>What the configuration promises; 4.3 s is the sum of its terms.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(6);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-dns-");
    private readonly int _ports = ReservedPorts.Take(6);
    private readonly RunningProgram[] _edges = new RunningProgram[2];
    private CachingResolver _resolver = null!;

    public async Task InitializeAsync()
    {
        for (var edge = 0; edge < _edges.Length; edge++)
        {
            var file = Path.Combine(_directory.FullName, $"edge-{edge}.yaml");
            await File.WriteAllTextAsync(file, Configuration(edge));
            _edges[edge] = RunningProgram.Start(Repository.Edge, ["run", "--config", file]);
        }

        foreach (var edge in _edges) await edge.Says("serves dns://");
        _resolver = await CachingResolver.Start(null, ("edge.test", Dns(0)), ("edge.test", Dns(1)));
        await Eventually.Holds("both hear each other", async () => (await Http.Client.GetStringAsync($"http://127.0.0.1:{Admin(1)}/metrics")).Contains("hanzo_edge_vantage_quorum 1\n", StringComparison.Ordinal) && await Ask() == "203.0.113.10");
    }

    public async Task DisposeAsync()
    {
        await _resolver.DisposeAsync();
        foreach (var edge in _edges) await edge.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task An_edge_that_is_killed_leaves_the_answers_of_resolvers_within_the_bound()
    {
        var answers = new ConcurrentQueue<(TimeSpan At, string Address)>();
        using var stop = new CancellationTokenSource();
        var start = TimeProvider.System.GetTimestamp();
        var asking = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) answers.Enqueue((Elapsed(), await Ask()));
        })).ToList();
        await Eventually.Holds("clients are led to the nearest edge", () => answers.Count > 50);
        Assert.All(answers, answer => Assert.Equal("203.0.113.10", answer.Address));

        var killed = Elapsed();
        _edges[0].Signal("KILL");
        await Eventually.Holds("the other edge is the answer", async () => await Ask() == "203.0.113.20");
        await Eventually.Holds("the bound is over", () => Elapsed() > killed + Promised);
        await stop.CancelAsync();
        await Task.WhenAll(asking);

        // Asked all the time, the resolver had the lost edge to give for the TTL that was left, and never again.
        var last = answers.Where(answer => answer.Address == "203.0.113.10").Max(answer => answer.At);
        Assert.InRange(last - killed, TimeSpan.Zero, Promised);
        Assert.Equal("203.0.113.20", answers.MaxBy(answer => answer.At).Address);
        // It did keep answers: most questions never came to an edge.
        var page = await Http.Client.GetStringAsync($"http://127.0.0.1:{Admin(1)}/metrics");
        var asked = page.Split('\n').Where(line => line.StartsWith("hanzo_edge_dns_answers_total{type=\"A\",rcode=\"NOERROR\"", StringComparison.Ordinal)).Sum(line => double.Parse(line.Split(' ')[1]));
        Assert.InRange(asked, 1, answers.Count / 4);

        TimeSpan Elapsed() => TimeProvider.System.GetElapsedTime(start);
    }

    private int Dns(int edge) => _ports + 3 * edge;

    private int Admin(int edge) => _ports + 3 * edge + 1;

    private int Peer(int edge) => _ports + 3 * edge + 2;

    private async Task<string> Ask()
    {
        var answer = await _resolver.Client.QueryAsync("www.edge.test", QueryType.A);
        return answer.Answers.ARecords().Select(record => record.Address.ToString()).FirstOrDefault("none");
    }

    private string Configuration(int edge) => $"""
        version: 1
        roles: [dns]
        edge: {"{"} name: edge-{edge} {"}"}
        admin: {"{"} address: "127.0.0.1:{Admin(edge)}" {"}"}
        geo: {"{"} database: "{EdgeWorld.OtherDatabase}", defaultPlace: {"{"} country: US, continent: NA, location: [39.04, -77.49] {"}"} {"}"}
        regions:
          us-east: {"{"} location: [39.04, -77.49], endpoints: ["http://127.0.0.1:{Admin(edge)}"] {"}"}
        health: {"{"} probe: {"{"} path: /livez {"}"} {"}"}
        peers:
          listen: "127.0.0.1:{Peer(edge)}"
          key: a key that both of them share
          exchange: 300ms
          members: {"{"} edge-{1 - edge}: "http://127.0.0.1:{Peer(1 - edge)}" {"}"}
        failover: {"{"} dns: {Promised.TotalSeconds}s {"}"}
        dns:
          listen: ["127.0.0.1:{Dns(edge)}"]
          sites:
            edge-0: {"{"} location: [39.04, -77.49], addresses: [203.0.113.10] {"}"}
            edge-1: {"{"} location: [53.35, -6.26], addresses: [203.0.113.20] {"}"}
          zones:
            edge.test:
              soa: {"{"} primary: ns1, mailbox: admin {"}"}
              records: ["@ 60 NS ns1", "ns1 60 A 192.0.2.53"]
              steered:
                www: {"{"} over: sites, ttl: {"{"} min: 1s, max: 2s {"}"} {"}"}
        """;
}
