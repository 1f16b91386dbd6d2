using System.Collections.Immutable;
using System.Net;

namespace Hanzo.Edge.Steering;

/// <summary>The rules by which regions are ranked and left out; part of the <see cref="Topology"/>.</summary>
public sealed record SteeringPolicy
{
    /// <summary>Regions whose estimated latency is within this of the nearest one that fits are taken by weight instead of by distance. 0 to 1 s; default 0: strictly nearest.</summary>
    public TimeSpan TieBand { get; init; }

    /// <summary>
    /// How many times its fit share of clients a region takes while only part of its endpoint weight is fit: with 1.4 and
    /// 60 % fit it takes 84 % of them, the rest goes to the next region. 1 to 1000; default 1.4.
    /// </summary>
    public double OverflowFactor { get; init; } = 1.4;

    /// <summary>Configured latency from countries and continents to regions.</summary>
    public LatencyMap Latency { get; init; } = LatencyMap.Empty;

    /// <summary>Which regions may serve whom. Several rules that match one client are all obeyed: what remains is their intersection.</summary>
    public ImmutableArray<ResidencyRule> Residency { get; init; } = [];

    /// <summary>Regions to put first for some clients. Of several rules that match, the most specific decides: country before continent before everyone; of equals the first.</summary>
    public ImmutableArray<PreferenceRule> Preferences { get; init; } = [];

    /// <summary>Networks whose clients are placed or ruled apart from what the location table says.</summary>
    public ImmutableArray<NetworkRule> Networks { get; init; } = [];

    /// <summary>The place of a client that no table finds.</summary>
    public Place DefaultPlace { get; init; } = Place.Nowhere;

    /// <summary>Every region name that some rule says, repeated where several do.</summary>
    internal IEnumerable<string> NamedRegions =>
    [
        .. Residency.Select(rule => rule.Allowed).Concat(Networks.Select(rule => rule.Allowed)).SelectMany(set => set.Only.Concat(set.Never)),
        .. Preferences.SelectMany(rule => rule.Regions),
        .. Networks.SelectMany(rule => rule.Prefer),
        .. Latency.ByCountry.Values.Concat(Latency.ByContinent.Values).SelectMany(row => row.Keys),
    ];
}

/// <summary>Whom a rule speaks of: countries, continents, or everyone where both are empty.</summary>
/// <param name="Countries">ISO 3166-1 alpha-2 codes, upper case.</param>
/// <param name="Continents">Two-letter continent codes.</param>
public sealed record ClientArea(ImmutableArray<string> Countries, ImmutableArray<string> Continents)
{
    /// <summary>Whether a client at <paramref name="place"/> is spoken of.</summary>
    public bool Covers(Place place) =>
        (Countries.IsEmpty && Continents.IsEmpty)
        || (place.Country is { } country && Countries.Contains(country))
        || (place.Continent is { } continent && Continents.Contains(continent));

    /// <summary>How closely a client at <paramref name="place"/>, who is spoken of, is meant: 2 by country, 1 by continent, 0 as everyone.</summary>
    internal int SpecificityFor(Place place)
    {
        if (place.Country is { } country && Countries.Contains(country)) return 2;
        return Countries.IsEmpty && Continents.IsEmpty ? 0 : 1;
    }
}

/// <summary>Where the data of some clients may be served. Fails closed: where nothing allowed is left, the request is refused.</summary>
/// <param name="Area">Whose data.</param>
/// <param name="Allowed">Which regions.</param>
public sealed record ResidencyRule(ClientArea Area, RegionSet Allowed);

/// <summary>Regions that some clients go to first, in this order, before any nearer one.</summary>
/// <param name="Area">Which clients.</param>
/// <param name="Regions">Names of regions, first choice first.</param>
public sealed record PreferenceRule(ClientArea Area, ImmutableArray<string> Regions);

/// <summary>What holds for the clients of one network. Place and preference each come from the longest matching prefix that states one; the residency of every matching network, and of the place, is obeyed.</summary>
public sealed record NetworkRule
{
    /// <summary>The network, IPv4 or IPv6.</summary>
    public required IPNetwork Network { get; init; }

    /// <summary>Where its clients are, instead of what the location table says; null keeps the table's answer.</summary>
    public Place? Place { get; init; }

    /// <summary>Which regions may serve its clients.</summary>
    public RegionSet Allowed { get; init; } = RegionSet.Everything;

    /// <summary>Regions its clients go to first; empty keeps the place's preference.</summary>
    public ImmutableArray<string> Prefer { get; init; } = [];
}

/// <summary>Regions by name: only the named ones, or all but the named ones.</summary>
/// <param name="Only">The regions allowed, or empty for all.</param>
/// <param name="Never">The regions never allowed; wins over <paramref name="Only"/>.</param>
public sealed record RegionSet(ImmutableArray<string> Only, ImmutableArray<string> Never)
{
    /// <summary>Every region.</summary>
    public static RegionSet Everything { get; } = new([], []);

    /// <summary>Whether the region <paramref name="name"/> is in the set.</summary>
    public bool Contains(string name) => (Only.IsEmpty || Only.Contains(name)) && !Never.Contains(name);
}
