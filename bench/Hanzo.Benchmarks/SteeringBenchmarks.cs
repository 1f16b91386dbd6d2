using System.Collections.Immutable;
using System.Net;
using BenchmarkDotNet.Attributes;
using Hanzo.Edge.Steering;

namespace Hanzo.Benchmarks;

/// <summary>What one decision costs, and what preparing the rankings of 10,000 places costs. Clients come from places at random, so rows are not always in the cache.</summary>
[MemoryDiagnoser]
public class SteeringBenchmarks
{
    private const int Seed = 20;
    private const int Places = 10_000;
    private const int Clients = 4096;

    private readonly Candidate[] room = new Candidate[Topology.MaxRegions];
    private readonly SteeringQuestion[] clients = new SteeringQuestion[Clients];
    private ImmutableArray<Place> places;
    private HealthSnapshot health = null!;
    private SteeringWorld nearest = null!;
    private SteeringWorld tied = null!;
    private SteeringWorld preferring = null!;
    private NetworkTable networks = null!;
    private ClientKey client;
    private int next;

    [Params(3, 8, 30)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(Seed);
        places = [Place.Nowhere, .. Enumerable.Range(1, Places - 1).Select(_ => new Place("DE", "EU", Somewhere(random)))];
        ImmutableArray<Region> regions = [.. Enumerable.Range(0, Regions).Select(i => new Region
        {
            Name = $"region-{i}",
            Location = Somewhere(random),
            Endpoints = [new RegionEndpoint($"region-{i}-1", new Uri("http://127.0.0.1:80"))],
        })];
        var plain = new SteeringPolicy();
        nearest = World(plain);
        tied = World(plain with { TieBand = TimeSpan.FromSeconds(1) });
        preferring = World(plain with { Preferences = [new(new([], []), [.. regions.TakeLast(2).Select(region => region.Name)])] });
        health = nearest.Health;
        for (var i = 0; i < Clients; i++)
            clients[i] = new SteeringQuestion { Place = random.Next(Places), Affinity = (ulong)random.NextInt64() };
        networks = new NetworkTable([.. Enumerable.Range(0, 256).Select(i => new NetworkRule { Network = IPNetwork.Parse($"10.{i}.0.0/16") })]);
        client = ClientKey.Of(IPAddress.Parse("10.77.1.1"));

        SteeringWorld World(SteeringPolicy policy) => new(HealthSnapshot.AllUp(new Topology(1, regions, policy)), places);
    }

    [Benchmark(Baseline = true)]
    public int Nearest() => nearest.Decide(clients[next++ & (Clients - 1)], room).Eligible.Length;

    [Benchmark]
    public int EveryRegionInTheTieBand() => tied.Decide(clients[next++ & (Clients - 1)], room).Eligible.Length;

    [Benchmark]
    public int TwoPreferred() => preferring.Decide(clients[next++ & (Clients - 1)], room).Eligible.Length;

    [Benchmark]
    public int FindOneOf256Networks() => networks.Find(client);

    [Benchmark]
    public SteeringWorld PrepareTenThousandPlaces() => new(health, places);

    private static GeoPoint Somewhere(Random random) => new(random.NextDouble() * 180 - 90, random.NextDouble() * 360 - 180);
}
