using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>The rules by which regions are ranked and left out, with where each stands.</summary>
internal sealed record SteeringRules(SteeringPolicy Policy, ImmutableArray<Located<ResidencyRule>> Residency, ImmutableArray<Located<NetworkRule>> Networks);

/// <summary>`steering`.</summary>
internal static class SteeringSection
{
    private static readonly ListShape<string> RegionList = new(Names.Region, atLeast: 1);
    private static readonly ListShape<string> CountryList = new(Areas.Country, atLeast: 1);
    private static readonly ListShape<string> ContinentList = new(Areas.Continent, atLeast: 1);
    private static readonly MapShape<TimeSpan> Figures = new(Names.Meant, Scalars.Duration(TimeSpan.Zero, TimeSpan.FromSeconds(10)), atLeast: 1);

    private static readonly Section LatencyKeys = new();
    private static readonly Key<ImmutableArray<Entry<ImmutableArray<Entry<TimeSpan>>>>> LatencyCountries = LatencyKeys.Optional(
        "countries", new MapShape<ImmutableArray<Entry<TimeSpan>>>(Areas.CountryName, Figures), [], "Round-trip time from a country to regions.");
    private static readonly Key<ImmutableArray<Entry<ImmutableArray<Entry<TimeSpan>>>>> LatencyContinents = LatencyKeys.Optional(
        "continents", new MapShape<ImmutableArray<Entry<TimeSpan>>>(Areas.ContinentName, Figures), [], "Round-trip time from a continent to regions; used where the country has no figure for the region.");

    private static readonly Section ResidencyKeys = new();
    private static readonly Key<ImmutableArray<Located<string>>> ResidencyCountries = ResidencyKeys.Optional("countries", CountryList, [], "Whose data: clients in these countries.");
    private static readonly Key<ImmutableArray<Located<string>>> ResidencyContinents = ResidencyKeys.Optional("continents", ContinentList, [], "Whose data: clients on these continents. With neither key, everyone's.");
    private static readonly Key<ImmutableArray<Located<string>>> ResidencyOnly = ResidencyKeys.Optional("only", RegionList, [], "The only regions that may serve them.");
    private static readonly Key<ImmutableArray<Located<string>>> ResidencyNever = ResidencyKeys.Optional("never", RegionList, [], "Regions that may never serve them; wins over `only`.");

    private static readonly Section PreferKeys = new();
    private static readonly Key<ImmutableArray<Located<string>>> PreferCountries = PreferKeys.Optional("countries", CountryList, [], "Clients in these countries.");
    private static readonly Key<ImmutableArray<Located<string>>> PreferContinents = PreferKeys.Optional("continents", ContinentList, [], "Clients on these continents. With neither key, everyone.");
    private static readonly Key<ImmutableArray<Located<string>>> PreferRegions = PreferKeys.Required("regions", RegionList, "Regions they go to before any nearer one, first choice first.");

    private static readonly Section NetworkKeys = new();
    private static readonly Key<IPNetwork> Cidr = NetworkKeys.Required("cidr", NetworkScalars.Cidr, "The network. Of several that hold a client the longest decides place and preference; residency of every one is obeyed.");
    private static readonly Key<Place?> NetworkPlace = NetworkKeys.Optional("place", PlaceSection.Shape, "Where its clients are, instead of what the database says.");
    private static readonly Key<ImmutableArray<Located<string>>> NetworkOnly = NetworkKeys.Optional("only", RegionList, [], "The only regions that may serve its clients.");
    private static readonly Key<ImmutableArray<Located<string>>> NetworkNever = NetworkKeys.Optional("never", RegionList, [], "Regions that may never serve its clients; wins over `only`.");
    private static readonly Key<ImmutableArray<Located<string>>> NetworkPrefer = NetworkKeys.Optional("prefer", RegionList, [], "Regions its clients go to before any nearer one, first choice first.");

    private static readonly Section Keys = new();
    private static readonly Key<TimeSpan> TieBand = Keys.Optional("tieBand", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromSeconds(1)), TimeSpan.Zero, "Regions whose latency is within this of the nearest one share clients by weight. Zero: strictly nearest.");
    private static readonly Key<double> Overflow = Keys.Optional("overflow", Scalars.Decimal(1, 1000, "a number, 1 to 1000"), new SteeringPolicy().OverflowFactor, "How many times its fit share of clients a region takes while only a part of its endpoints is fit: at 1.4 one with 60 % of its weight fit takes 84 %. The others go to the next region.");
    private static readonly Key<LatencyMap> Latency = Keys.Optional("latency", LatencyKeys.Builds(BuildLatency), LatencyMap.Empty, "Measured round-trip times, which win over distance.");
    private static readonly Key<ImmutableArray<Located<ResidencyRule>>> Residency = Keys.Optional("residency", new ListShape<ResidencyRule>(ResidencyKeys.Builds(BuildResidency)), [], "Where the data of some clients may be served. All rules that match a client are obeyed; where no region is left, the request is refused.");
    private static readonly Key<ImmutableArray<Located<PreferenceRule>>> Prefer = Keys.Optional("prefer", new ListShape<PreferenceRule>(PreferKeys.Builds(BuildPreference)), [], "Regions that some clients go to first. The most specific rule decides: country before continent.");
    private static readonly Key<ImmutableArray<Located<NetworkRule>>> Networks = Keys.Optional("networks", new ListShape<NetworkRule>(NetworkKeys.Builds(BuildNetwork)), [], "What holds for the clients of one network.");

    /// <summary>Without the section: nearest by distance.</summary>
    public static SteeringRules Default { get; } = new(new SteeringPolicy(), [], []);

    /// <summary>The section.</summary>
    public static Shape<SteeringRules> Shape { get; } = Keys.Builds(values => new SteeringRules(
        new SteeringPolicy
        {
            TieBand = values.Get(TieBand),
            OverflowFactor = values.Get(Overflow),
            Latency = values.Get(Latency),
            Residency = Plain(values.Get(Residency)),
            Preferences = Plain(values.Get(Prefer)),
            Networks = Plain(values.Get(Networks)),
        },
        values.Get(Residency),
        values.Get(Networks)));

    private static LatencyMap BuildLatency(Values values) => new(ByName(values.Get(LatencyCountries)), ByName(values.Get(LatencyContinents)));

    private static ImmutableDictionary<string, ImmutableDictionary<string, TimeSpan>> ByName(ImmutableArray<Entry<ImmutableArray<Entry<TimeSpan>>>> entries)
        => entries.ToImmutableDictionary(area => area.Name, area => area.Value.ToImmutableDictionary(figure => figure.Name, figure => figure.Value));

    private static ResidencyRule BuildResidency(Values values)
    {
        if (!values.Written(ResidencyOnly) && !values.Written(ResidencyNever))
            values.Error(ResidencyOnly, "the rule says neither `only` nor `never`", "name the regions that may, or may not, serve these clients");
        return new ResidencyRule(
            new ClientArea(Plain(values.Get(ResidencyCountries)), Plain(values.Get(ResidencyContinents))),
            new RegionSet(Plain(values.Get(ResidencyOnly)), Plain(values.Get(ResidencyNever))));
    }

    private static PreferenceRule BuildPreference(Values values)
    {
        if (values.Get(PreferRegions) is var regions && regions.DistinctBy(region => region.Value).Count() < regions.Length)
            values.Error(PreferRegions, "a region stands there twice", "keep the first");
        return new PreferenceRule(
            new ClientArea(Plain(values.Get(PreferCountries)), Plain(values.Get(PreferContinents))),
            Plain(values.Get(PreferRegions)));
    }

    private static NetworkRule BuildNetwork(Values values)
    {
        if (!values.Written(NetworkPlace) && !values.Written(NetworkOnly) && !values.Written(NetworkNever) && !values.Written(NetworkPrefer))
            values.Warn(Cidr, "the network has no rule", "give it place, only, never or prefer");
        return new NetworkRule
        {
            Network = values.Get(Cidr),
            Place = values.Get(NetworkPlace),
            Allowed = new RegionSet(Plain(values.Get(NetworkOnly)), Plain(values.Get(NetworkNever))),
            Prefer = Plain(values.Get(NetworkPrefer)),
        };
    }

    private static ImmutableArray<T> Plain<T>(ImmutableArray<Located<T>> located) => [.. located.Select(one => one.Value)];
}
