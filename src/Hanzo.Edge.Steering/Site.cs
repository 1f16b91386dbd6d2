using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>A place that clients can be led to before a request takes it on to a region: an edge.</summary>
public sealed record Site
{
    /// <summary>The site's name, unique among sites.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required GeoPoint Location { get; init; }

    /// <summary>The region it stands in, or null. What a rule says of the region holds for the site as well.</summary>
    public string? Region { get; init; }

    /// <summary>Its share among sites inside one tie band, 0 to 1000. Default 100.</summary>
    public int Weight { get; init; } = 100;

    /// <summary>Taken out by the configuration: clients are led elsewhere.</summary>
    public bool Drained { get; init; }

    /// <summary>
    /// Sites as a topology of their own, decided over as regions are. Rules that name a region become rules of the sites in
    /// it. A site in no region is not allowed where only some regions are.
    /// </summary>
    /// <param name="version">The version of the topology.</param>
    /// <param name="sites">1 to <see cref="Topology.MaxRegions"/> of them.</param>
    /// <param name="policy">The rules of the regions.</param>
    public static Topology Topology(long version, ImmutableArray<Site> sites, SteeringPolicy policy)
    {
        var byRegion = sites.Where(site => site.Region is not null).ToLookup(site => site.Region!, site => site.Name);
        return new Topology(
            version,
            [.. sites.Select(site => new Region { Name = site.Name, Location = site.Location, Endpoints = [], Weight = site.Weight, Drained = site.Drained })],
            policy with
            {
                Latency = new LatencyMap(Rows(policy.Latency.ByCountry), Rows(policy.Latency.ByContinent)),
                Residency = [.. policy.Residency.Select(rule => rule with { Allowed = Allowed(rule.Allowed) })],
                Preferences = [.. policy.Preferences.Select(rule => rule with { Regions = In(rule.Regions) })],
                Networks = [.. policy.Networks.Select(rule => rule with { Allowed = Allowed(rule.Allowed), Prefer = In(rule.Prefer) })],
            });

        ImmutableArray<string> In(ImmutableArray<string> regions) => [.. regions.SelectMany(region => byRegion[region])];

        // By what is left out: a list of what is allowed that came out empty would allow everything.
        RegionSet Allowed(RegionSet regions) => new([], [.. sites.Where(site => !regions.Contains(site.Region ?? "")).Select(site => site.Name)]);

        ImmutableDictionary<string, ImmutableDictionary<string, TimeSpan>> Rows(ImmutableDictionary<string, ImmutableDictionary<string, TimeSpan>> rows) =>
            rows.ToImmutableDictionary(row => row.Key, row => row.Value.SelectMany(cell => byRegion[cell.Key].Select(site => (site, cell.Value))).ToImmutableDictionary(cell => cell.site, cell => cell.Value));
    }

    /// <summary>What is known of the health of sites: those that are lost are down, all others up.</summary>
    /// <param name="version">Rises with every change.</param>
    /// <param name="sites">The topology of the sites.</param>
    /// <param name="lost">The names of those that are lost.</param>
    public static HealthSnapshot Health(long version, Topology sites, IReadOnlySet<string> lost) => new(version, sites,
        [.. sites.Regions.Select(site => lost.Contains(site.Name) ? new RegionHealth(HealthState.Down, StateClasses.None, []) : new RegionHealth(HealthState.Up, StateClasses.All, []))]);
}
