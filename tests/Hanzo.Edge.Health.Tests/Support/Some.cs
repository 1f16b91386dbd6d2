using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Support;

/// <summary>Small words for test data.</summary>
internal static class Some
{
    /// <summary>A topology of regions with endpoints, written "eu: eu-1 eu-2".</summary>
    public static Topology Topology(params string[] regions) => new(1, [.. regions.Select(Region)], new SteeringPolicy());

    public static Region Region(string line)
    {
        var parts = line.Split(':', StringSplitOptions.TrimEntries);
        return new Region
        {
            Name = parts[0],
            Location = new GeoPoint(0, 0),
            Endpoints = [.. parts[1].Split(' ').Select(name => Endpoint(name))],
        };
    }

    public static RegionEndpoint Endpoint(string name, string? address = null) => new(name, new Uri(address ?? $"http://{name}.example"));

    /// <summary>The state of every endpoint, "eu-1=up eu-2=down".</summary>
    public static string States(this HealthSnapshot snapshot) => string.Join(' ', snapshot.Regions.SelectMany((region, i) => region.Endpoints.Select(
        (endpoint, j) => $"{snapshot.Topology.Regions[i].Endpoints[j].Name}={endpoint.State.ToString().ToLowerInvariant()}")));

    public static EndpointHealth Endpoint(this HealthSnapshot snapshot, string name) => snapshot.Regions
        .SelectMany((region, i) => region.Endpoints.Select((health, j) => (snapshot.Topology.Regions[i].Endpoints[j].Name, health)))
        .Single(pair => pair.Name == name).health;
}
