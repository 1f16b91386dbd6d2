using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Simulation;

/// <summary>What stands between an outage and a client.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Watches">Whether regions are probed and left when they are down.</param>
/// <param name="IsPassive">Whether failed requests count as well.</param>
/// <param name="Attempts">How many regions one request tries.</param>
/// <param name="AnswersKeptFor">How long a client goes on where DNS sent it; zero for clients behind the proxy.</param>
internal sealed record Mechanism(string Name, bool Watches, bool IsPassive = false, int Attempts = 1, TimeSpan AnswersKeptFor = default);

/// <summary>
/// A year of outages over some regions, pure and in virtual time: what is observed of each region is made by
/// <see cref="Observer"/>, where clients go by the real <see cref="SteeringWorld.Decide"/>. Clients live where regions are,
/// the same number everywhere. Limits: regions fail one by one at random, the edge itself never does, load has no bound.
/// </summary>
internal sealed class Simulation
{
    public static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>Share of requests that are neither idempotent nor keyed: once a byte of them was sent they are not repeated.</summary>
    private const double NotRepeatable = 0.05;

    private const int AgesOfAnswers = 10;

    private readonly ImmutableArray<Place> places;
    private readonly Topology topology;
    private readonly List<List<Outage>> outages;
    private readonly Dictionary<ulong, int[][]> ways = [];

    public Simulation(int regions, double availability, TimeSpan meanOutage, int seed)
    {
        var random = new Random(seed);
        List<GeoPoint> points = [.. Enumerable.Range(0, regions).Select(_ => new GeoPoint(Math.Asin(2 * random.NextDouble() - 1) * 180 / Math.PI, 360 * random.NextDouble() - 180))];
        places = [.. points.Select(point => new Place(null, null, point)).Prepend(Place.Nowhere)];
        topology = new Topology(1, [.. points.Select((point, i) => new Region { Name = $"r{i}", Location = point, Endpoints = [new RegionEndpoint($"e{i}", new Uri($"http://e{i}"))] })], new SteeringPolicy());
        outages = [.. Enumerable.Range(0, regions).Select(_ => Outage.Year(availability, meanOutage, random))];
    }

    /// <summary>The outages there are.</summary>
    public int Outages => outages.Sum(year => year.Count);

    /// <summary>The share of requests that are answered well.</summary>
    public double Availability(Mechanism mechanism, HealthOptions options, int seed)
    {
        var random = new Random(seed);
        var observed = outages.Select(year => mechanism.Watches ? new Observer(options, requestsPerSecond: 20, attemptTimeout: TimeSpan.FromSeconds(1), random).Watch(year, mechanism.IsPassive) : []).ToList();
        var ages = mechanism.AnswersKeptFor > TimeSpan.Zero ? AgesOfAnswers : 1;
        return Enumerable.Range(0, ages).Average(age => Availability(mechanism, observed, mechanism.AnswersKeptFor * (age + 0.5) / ages));
    }

    private double Availability(Mechanism mechanism, List<List<(TimeSpan At, bool IsUp)>> observed, TimeSpan behind)
    {
        var events = outages.SelectMany((year, region) => year.SelectMany(outage => new[] { new Event(outage.From, region, IsTruth: true, false, outage.Fault), new Event(outage.To, region, IsTruth: true, true, outage.Fault) }))
            .Concat(observed.SelectMany((changes, region) => changes.Select(change => new Event(change.At + behind, region, IsTruth: false, change.IsUp, default))))
            .OrderBy(one => one.At).ToList();
        var all = (1UL << topology.Regions.Length) - 1;
        var (truth, seen, faults) = (all, all, new Fault[topology.Regions.Length]);
        var (now, lost) = (TimeSpan.Zero, 0.0);
        foreach (var one in events.Where(one => one.At < Year))
        {
            if (truth != all || seen != all) lost += (one.At - now).TotalSeconds * LostShare(mechanism, truth, seen, faults);
            now = one.At;
            var bit = 1UL << one.Region;
            if (one.IsTruth) (truth, faults[one.Region]) = (one.IsUp ? truth | bit : truth & ~bit, one.Fault);
            else seen = one.IsUp ? seen | bit : seen & ~bit;
        }

        lost += (Year - now).TotalSeconds * LostShare(mechanism, truth, seen, faults);
        return 1 - lost / Year.TotalSeconds;
    }

    /// <summary>The share of requests that fail at one moment.</summary>
    private double LostShare(Mechanism mechanism, ulong truth, ulong seen, Fault[] faults) =>
        Ways(seen).Average(way => Lost(way.AsSpan(0, Math.Min(way.Length, mechanism.Attempts)), truth, faults));

    private static double Lost(ReadOnlySpan<int> way, ulong truth, Fault[] faults)
    {
        var sentAlready = false; // a byte of the request was out before it failed
        foreach (var region in way)
        {
            if ((truth >> region & 1) != 0) return sentAlready ? NotRepeatable : 0;
            sentAlready |= faults[region] != Fault.Refuses;
        }

        return 1;
    }

    /// <summary>For each place of clients, the regions in the order in which they are tried, by what is observed.</summary>
    private int[][] Ways(ulong seen)
    {
        if (ways.TryGetValue(seen, out var known)) return known;
        var health = new HealthSnapshot(1, topology, [.. topology.Regions.Select((_, i) => (seen >> i & 1) != 0
            ? new RegionHealth(HealthState.Up, StateClasses.All, [EndpointHealth.Up])
            : new RegionHealth(HealthState.Down, StateClasses.None, [new(HealthState.Down, StateClasses.None)]))]);
        var world = new SteeringWorld(health, places);
        var room = new Candidate[topology.Regions.Length];
        return ways[seen] = [.. Enumerable.Range(1, places.Length - 1).Select(place => Order(world, place))];

        int[] Order(SteeringWorld world, int place)
        {
            var decision = world.Decide(new SteeringQuestion { Place = place }, room);
            var order = new int[decision.Eligible.Length];
            for (var i = 0; i < order.Length; i++) order[i] = decision.Eligible[i].Region;
            return order;
        }
    }

    private readonly record struct Event(TimeSpan At, int Region, bool IsTruth, bool IsUp, Fault Fault);
}
