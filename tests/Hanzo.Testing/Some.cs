using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Steering;

namespace Hanzo.Testing;

/// <summary>Small words that build the values tests are about.</summary>
public static class Some
{
    /// <summary>A region named after the city it stands in, with one endpoint.</summary>
    public static Region Region(string city) => Region(city, Cities.Location(city));

    /// <summary>A region with one endpoint.</summary>
    public static Region Region(string name, GeoPoint location) => new()
    {
        Name = name,
        Location = location,
        Endpoints = [new RegionEndpoint($"{name}-1", new Uri($"http://{name}.test:80"))],
    };

    /// <summary>Regions named after the cities they stand in.</summary>
    public static ImmutableArray<Region> Regions(params IEnumerable<string> cities) => [.. cities.Select(Region)];

    /// <summary>A topology of such regions without rules.</summary>
    public static Topology Topology(params IEnumerable<string> cities) => Topology(new SteeringPolicy(), [.. Regions(cities)]);

    /// <summary>A topology of <paramref name="regions"/> under <paramref name="policy"/>.</summary>
    public static Topology Topology(SteeringPolicy policy, params ImmutableArray<Region> regions) => new(1, regions, policy);

    /// <summary>A region's health as probes would report it: up serving everything, or down serving nothing.</summary>
    public static RegionHealth Health(bool up = true, RegionOverride forced = RegionOverride.None) => up
        ? new(HealthState.Up, StateClasses.All, [EndpointHealth.Up], forced)
        : new(HealthState.Down, StateClasses.None, [new EndpointHealth(HealthState.Down, StateClasses.None)], forced);

    /// <summary>The rule of one network.</summary>
    public static NetworkRule Network(string cidr) => new() { Network = IPNetwork.Parse(cidr) };

    /// <summary>The key of an address in text.</summary>
    public static ClientKey Client(string address) => ClientKey.Of(IPAddress.Parse(address));

    /// <summary>Countries that a rule speaks of.</summary>
    public static ClientArea Countries(params ImmutableArray<string> codes) => new(codes, []);

    /// <summary>Continents that a rule speaks of.</summary>
    public static ClientArea Continents(params ImmutableArray<string> codes) => new([], codes);
}
