using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests.Laws;

/// <summary>Generates cases in which every rule of steering plays its part, and rules collide.</summary>
internal static class Cases
{
    private static readonly ImmutableArray<Place> Places =
        [Place.Nowhere, .. Cities.Names.Select(Cities.Place), new("DE", "EU", null), new(null, "EU", null), new(null, null, new(0, 0))];

    private static readonly string[] Countries = ["DE", "FR", "GB", "US", "JP", "ZA"];
    private static readonly string[] Continents = ["EU", "NA", "AS", "AF"];
    private static readonly string[] Cidrs = ["10.0.0.0/8", "10.20.0.0/16", "10.20.30.0/24", "10.20.0.0/16", "0.0.0.0/0", "2001:db8::/32", "::/0"];
    private static readonly string[] Clients = ["10.20.30.1", "10.20.1.1", "10.1.1.1", "192.0.2.1", "2001:db8::1", "2001:db9::1"];

    private static readonly Gen<RegionHealth> Health = Gen.Select(
        Gen.Frequency((6, Gen.Const(HealthState.Up)), (2, Gen.Const(HealthState.Down)), (1, Gen.Const(HealthState.Unknown))),
        Gen.Frequency((4, Gen.Const(7)), (3, Gen.Int[0, 7])),
        Gen.Frequency((7, Gen.Const(0)), (1, Gen.Int[1, 3])),
        Gen.Frequency((3, Gen.Const(1.0)), (1, Gen.Double[0, 1])),
        (observed, serves, forced, share) => new RegionHealth(observed, (StateClasses)serves, [EndpointHealth.Up], (RegionOverride)forced) { Share = share });

    private static readonly Gen<ClientArea> Area = Gen.OneOf(
        Gen.Const(new ClientArea([], [])),
        Gen.Shuffle(Countries, 1, 3).Select(codes => Some.Countries([.. codes])),
        Gen.Shuffle(Continents, 1, 2).Select(codes => Some.Continents([.. codes])),
        Gen.Const(new ClientArea(["DE"], ["NA"])));

    private static readonly Gen<Place> SomePlace = Gen.Int[0, Places.Length - 1].Select(id => Places[id]);

    private static readonly Gen<TimeSpan> Latency = Gen.Int[0, 300].Select(ms => TimeSpan.FromMilliseconds(ms));

    private static readonly Gen<ImmutableArray<Region>> Regions = Gen.Shuffle(Cities.Names.ToArray(), 1, 8).SelectMany(names =>
        Gen.Select(Gen.OneOf(Gen.Const(0), Gen.Const(100), Gen.Int[1, 1000]), Gen.Frequency((8, Gen.Const(false)), (1, Gen.Const(true))))
            .Array[names.Length]
            .Select(traits => names.Zip(traits, (name, trait) => Some.Region(name) with { Weight = trait.Item1, Drained = trait.Item2 }).ToImmutableArray()));

    /// <summary>Any case.</summary>
    public static Gen<Case> Any { get; } = Regions.SelectMany(regions => Gen.Select(
        Policy([.. regions.Select(region => region.Name)]),
        Health.Array[regions.Length],
        Measured([.. regions.Select(region => region.Name)]),
        Gen.Int[0, Clients.Length - 1],
        Question,
        (policy, health, measured, client, question) =>
        {
            var topology = Some.Topology(policy, regions);
            return new Case(topology, Places, new(1, topology, [.. health]), measured, IPAddress.Parse(Clients[client]), question);
        }));

    /// <summary>Cases in which only distance tells how near a region is.</summary>
    public static Gen<Case> ByDistance { get; } = Any.Select(any => any with { Measured = null })
        .Select(any => any.With(any.Topology.Regions, Some.Health(), any.Topology.Policy with { Latency = LatencyMap.Empty }));

    private static Gen<SteeringQuestion> Question => Gen.Select(
        Gen.Int[0, Places.Length - 1], Gen.Int[0, 2], Gen.Bool, Gen.Frequency((2, Gen.Const(0UL)), (1, Gen.ULong)), Gen.ULong,
        Gen.Frequency((2, Gen.Const(-1)), (1, Gen.Int[0, 7])),
        (place, state, refuse, full, affinity, first) => new SteeringQuestion
        {
            First = first,
            FirstReason = first % 2 == 0 ? CandidateReason.Sticky : CandidateReason.Leader,
            Place = place,
            State = (StateClass)state,
            WhenNoneHealthy = refuse ? WhenNoneHealthy.Refuse : WhenNoneHealthy.Nearest,
            Full = full,
            Affinity = affinity,
        });

    private static Gen<SteeringPolicy> Policy(string[] names)
    {
        var set = Gen.Select(Gen.Shuffle(names, 0, names.Length), Gen.Shuffle(names, 0, names.Length / 2), Gen.Int[0, 2],
            (only, never, which) => which switch { 0 => new RegionSet([.. only], []), 1 => new RegionSet([], [.. never]), _ => new RegionSet([.. only], [.. never]) });
        var prefer = Gen.Shuffle(names, 1, names.Length).Select(list => list.ToImmutableArray());
        var network = Gen.Select(Gen.Int[0, Cidrs.Length - 1], SomePlace, set, prefer, Gen.Int[0, 7], (cidr, place, allowed, list, states) =>
            Some.Network(Cidrs[cidr]) with
            {
                Place = (states & 1) != 0 ? place : null,
                Allowed = (states & 2) != 0 ? allowed : RegionSet.Everything,
                Prefer = (states & 4) != 0 ? list : [],
            });
        var figures = Gen.Select(Gen.Shuffle(names, 0, names.Length), Latency.Array[names.Length],
            (rows, ms) => rows.Zip(ms).ToImmutableDictionary(pair => pair.First, pair => pair.Second));
        return Gen.Select(
            Gen.OneOf(Gen.Const(0), Gen.Int[1, 20], Gen.Int[20, 300]),
            Gen.Select(Area, set, (area, allowed) => new ResidencyRule(area, allowed)).Array[0, 2],
            Gen.Select(Area, prefer, (area, list) => new PreferenceRule(area, list)).Array[0, 3],
            network.Array[0, 4],
            Gen.Select(figures, figures, figures),
            SomePlace,
            (tieBand, residency, preferences, networks, latency, defaultPlace) => new SteeringPolicy
            {
                TieBand = TimeSpan.FromMilliseconds(tieBand),
                OverflowFactor = tieBand % 2 == 0 ? 1.4 : 1,
                Residency = [.. residency],
                Preferences = [.. preferences],
                Networks = [.. networks],
                Latency = LatencyMap.Empty with
                {
                    ByCountry = LatencyMap.Empty.ByCountry.Add("DE", latency.Item1).Add("US", latency.Item2),
                    ByContinent = LatencyMap.Empty.ByContinent.Add("EU", latency.Item3),
                },
                DefaultPlace = defaultPlace,
            });
    }

    private static Gen<MeasuredLatency?> Measured(string[] names) => Gen.Select(
        Gen.Int[0, 3], Gen.Shuffle(names, 0, names.Length), Latency.Array[names.Length],
        (which, rows, ms) => which > 0 ? null : new MeasuredLatency(
            Cities.Location("london"), 600, rows.Zip(ms).ToImmutableDictionary(pair => pair.First, pair => pair.Second)));
}
