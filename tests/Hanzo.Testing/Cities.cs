using System.Collections.Frozen;
using Hanzo.Edge.Steering;

namespace Hanzo.Testing;

/// <summary>Cities that tests speak of, with where they are.</summary>
public static class Cities
{
    private static readonly FrozenDictionary<string, Place> Known = new Dictionary<string, Place>
    {
        ["accra"] = new("GH", "AF", new(5.56, -0.20)),
        ["amsterdam"] = new("NL", "EU", new(52.37, 4.90)),
        ["ashburn"] = new("US", "NA", new(39.04, -77.49)),
        ["berlin"] = new("DE", "EU", new(52.52, 13.40)),
        ["boston"] = new("US", "NA", new(42.36, -71.06)),
        ["brussels"] = new("BE", "EU", new(50.85, 4.35)),
        ["dubai"] = new("AE", "AS", new(25.20, 55.27)),
        ["dublin"] = new("IE", "EU", new(53.35, -6.26)),
        ["frankfurt"] = new("DE", "EU", new(50.11, 8.68)),
        ["jakarta"] = new("ID", "AS", new(-6.21, 106.85)),
        ["johannesburg"] = new("ZA", "AF", new(-26.20, 28.05)),
        ["london"] = new("GB", "EU", new(51.51, -0.13)),
        ["mumbai"] = new("IN", "AS", new(19.08, 72.88)),
        ["new-york"] = new("US", "NA", new(40.71, -74.01)),
        ["paris"] = new("FR", "EU", new(48.86, 2.35)),
        ["san-francisco"] = new("US", "NA", new(37.77, -122.42)),
        ["santiago"] = new("CL", "SA", new(-33.45, -70.67)),
        ["sao-paulo"] = new("BR", "SA", new(-23.55, -46.63)),
        ["singapore"] = new("SG", "AS", new(1.35, 103.82)),
        ["sydney"] = new("AU", "OC", new(-33.87, 151.21)),
        ["tokyo"] = new("JP", "AS", new(35.68, 139.69)),
        ["toronto"] = new("CA", "NA", new(43.65, -79.38)),
        ["zurich"] = new("CH", "EU", new(47.37, 8.54)),
    }.ToFrozenDictionary();

    /// <summary>The names of all of them, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The place of the city <paramref name="name"/>: lower case, words joined by hyphens.</summary>
    public static Place Place(string name) =>
        Known.GetValueOrDefault(name) ?? throw new ArgumentException($"No test speaks of {name} yet: add it to {nameof(Cities)}.", nameof(name));

    /// <summary>Where the city <paramref name="name"/> is.</summary>
    public static GeoPoint Location(string name) => Place(name).Location!.Value;
}
