using System.Collections.Immutable;
using System.Net;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests.Decisions;

/// <summary>
/// A world built line by line. A region stands in the city that it is named after, unless the line says where.
/// <code>
/// region NAME [in CITY] [weight N] [drained]
/// tie-band MS
/// latency country|continent CODE REGION=MS ...
/// measured CITY KM REGION=MS ...
/// residency AREA [only REGION,...] [never REGION,...]
/// prefer AREA REGION,...
/// network CIDR [place CITY] [only REGION,...] [never REGION,...] [prefer REGION,...]
/// default CITY
/// overflow FACTOR
/// health REGION [up|down|not-probed] [share N] [drained|forced-up|forced-down] [serves CLASS,...|nothing]
/// AREA = country CODE,... | continent CODE,... | everyone
/// </code>
/// </summary>
internal sealed class WorldText
{
    private readonly Dictionary<string, RegionHealth> health = [];
    private ImmutableArray<Region> regions = [];
    private SteeringPolicy policy = new();
    private MeasuredLatency? measured;

    /// <summary>The id in the worlds built here of a city, or of clients that are not found.</summary>
    public static int PlaceId(string city) =>
        city == "nowhere" ? Place.Unknown : 1 + Cities.Names.Index().Single(known => known.Item == city).Index;

    /// <summary>The state class that <paramref name="code"/> names.</summary>
    public static StateClass State(string code) => Enum.GetValues<StateClass>().Single(state => state.Code() == code);

    /// <summary>Takes one line.</summary>
    public void Read(string[] line)
    {
        switch (line)
        {
            case ["region", var name, .. var rest]: regions = regions.Add(ReadRegion(name, rest)); break;
            case ["tie-band", var ms]: policy = policy with { TieBand = Ms(ms) }; break;
            case ["latency", var scope, var code, .. var figures]: policy = policy with { Latency = ReadLatency(scope, code, figures) }; break;
            case ["measured", var city, var km, .. var figures]: measured = new(Cities.Location(city), double.Parse(km), Figures(figures)); break;
            case ["residency", .. var rest]: policy = policy with { Residency = policy.Residency.Add(new(Area(ref rest), Set(rest))) }; break;
            case ["prefer", .. var rest]: policy = policy with { Preferences = policy.Preferences.Add(new(Area(ref rest), Names(rest[0]))) }; break;
            case ["network", var cidr, .. var rest]: policy = policy with { Networks = policy.Networks.Add(ReadNetwork(cidr, rest)) }; break;
            case ["default", var city]: policy = policy with { DefaultPlace = Cities.Place(city) }; break;
            case ["overflow", var factor]: policy = policy with { OverflowFactor = double.Parse(factor) }; break;
            case ["health", var name, .. var states]: health[name] = ReadHealth(states); break;
            default: throw new FormatException($"No world is described by '{string.Join(' ', line)}'.");
        }
    }

    /// <summary>The world as it stands after the lines read.</summary>
    public SteeringWorld Build()
    {
        var topology = new Topology(1, regions, policy);
        var snapshot = new HealthSnapshot(1, topology, [.. regions.Select(region => health.GetValueOrDefault(region.Name) ?? Some.Health())]);
        return new SteeringWorld(snapshot, [Place.Nowhere, .. Cities.Names.Select(Cities.Place)], measured);
    }

    private static Region ReadRegion(string name, string[] words)
    {
        var region = Some.Region(name, Cities.Location(ValueOf("in", words) ?? name)) with { Drained = words.Contains("drained") };
        return ValueOf("weight", words) is { } weight ? region with { Weight = int.Parse(weight) } : region;
    }

    private LatencyMap ReadLatency(string scope, string code, string[] figures) => scope switch
    {
        "country" => policy.Latency with { ByCountry = policy.Latency.ByCountry.Add(code, Figures(figures)) },
        "continent" => policy.Latency with { ByContinent = policy.Latency.ByContinent.Add(code, Figures(figures)) },
        _ => throw new FormatException($"Latency is of a country or a continent, not of '{scope}'."),
    };

    private static NetworkRule ReadNetwork(string cidr, string[] words) => new()
    {
        Network = IPNetwork.Parse(cidr),
        Place = ValueOf("place", words) is { } city ? Cities.Place(city) : null,
        Allowed = Set(words),
        Prefer = Names(ValueOf("prefer", words)),
    };

    private static RegionHealth ReadHealth(string[] words)
    {
        var observed = words.Contains("down") ? HealthState.Down : words.Contains("not-probed") ? HealthState.Unknown : HealthState.Up;
        var serves = ValueOf("serves", words) switch
        {
            null => observed == HealthState.Up ? StateClasses.All : StateClasses.None,
            "nothing" => StateClasses.None,
            var classes => Names(classes).Aggregate(StateClasses.None, (set, code) => set | (StateClasses)(1 << (int)State(code))),
        };
        var forced = words.Contains("drained") ? RegionOverride.Drained
            : words.Contains("forced-up") ? RegionOverride.ForcedUp
            : words.Contains("forced-down") ? RegionOverride.ForcedDown
            : RegionOverride.None;
        return new(observed, serves, [new EndpointHealth(observed, serves)], forced) { Share = ValueOf("share", words) is { } share ? double.Parse(share) : 1 };
    }

    private static ClientArea Area(ref string[] words)
    {
        (var area, words) = words switch
        {
            ["everyone", .. var rest] => (new ClientArea([], []), rest),
            ["country", var codes, .. var rest] => (Some.Countries(Names(codes)), rest),
            ["continent", var codes, .. var rest] => (Some.Continents(Names(codes)), rest),
            _ => throw new FormatException($"No area is described by '{string.Join(' ', words)}'."),
        };
        return area;
    }

    private static RegionSet Set(string[] words) => new(Names(ValueOf("only", words)), Names(ValueOf("never", words)));

    private static ImmutableDictionary<string, TimeSpan> Figures(string[] figures) =>
        figures.Select(figure => figure.Split('=')).ToImmutableDictionary(pair => pair[0], pair => Ms(pair[1]));

    private static TimeSpan Ms(string ms) => TimeSpan.FromMilliseconds(double.Parse(ms));

    private static ImmutableArray<string> Names(string? list) => list is null ? [] : [.. list.Split(',')];

    private static string? ValueOf(string word, string[] words) => words.SkipWhile(w => w != word).Skip(1).FirstOrDefault();
}
