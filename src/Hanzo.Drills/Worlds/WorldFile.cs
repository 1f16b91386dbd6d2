using System.Collections.Immutable;
using Hanzo.Drills.Declarations;
using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Worlds;

/// <summary>A world as a file declares it: regions with their nodes, edges before them, and what the edges are configured with.</summary>
/// <param name="Regions">3 to 8.</param>
/// <param name="Edges">1 to 4; all serve one port, each on an address of its own.</param>
/// <param name="Wan">Whether each region has a network of its own, with distances between them.</param>
/// <param name="EdgeSettings">The sections of the edges' configuration that no drill needs to know: routes, health, failover, steering.</param>
internal sealed record WorldFile(ImmutableArray<DeclaredRegion> Regions, ImmutableArray<DeclaredEdge> Edges, YamlMappingNode EdgeSettings, bool Wan = false)
{
    /// <summary>Whether the nodes know nothing of each other, so that each decides alone. Only a canary has reason to.</summary>
    public bool Apart { get; init; }

    /// <summary>Whether the edges find endpoints by name, at a name server of the drill.</summary>
    public bool ByName { get; init; }

    /// <summary>Whether the edges answer DNS, and customers find them by it.</summary>
    public bool Dns { get; init; }

    private const int FewestRegions = 3;
    private const int MostRegions = 8;
    private const int MostEdges = 4;

    /// <summary>The sections that a world makes itself.</summary>
    private static readonly string[] OwnSections = ["version", "edge", "listen", "admin", "clients", "geo", "regions"];

    public static Declared<WorldFile> Read(string path) => Declared<WorldFile>.FromFile(path, Read);

    public static WorldFile Read(Item item)
    {
        var keys = item.Keys();
        keys.Required("version")?.Choice("1");
        var regions = keys.Required("regions")?.Map(DeclaredRegion.Read) ?? [];
        if (regions.Length is < FewestRegions or > MostRegions)
            item.Wrong($"regions: a world has {FewestRegions} to {MostRegions}, this one {regions.Length}");
        var edges = keys.Optional("edges")?.Map(DeclaredEdge.Read) ?? [new DeclaredEdge("edge-1", null)];
        if (edges.Length is < 1 or > MostEdges)
            item.Wrong($"edges: a world has 1 to {MostEdges}, this one {edges.Length}");
        var wan = keys.Optional("wan")?.Flag() ?? false;
        var byName = keys.Optional("byName")?.Flag() ?? false;
        if (byName && wan)
            item.Wrong("byName needs a world without a WAN");
        if (byName && regions.Any(region => region.Nodes > 1))
            item.Wrong("byName: a region has one node, since a name has one address");
        var dns = keys.Optional("dns")?.Flag() ?? false;
        var settings = keys.Required("settings");
        var own = settings?.Map((name, value) => (Name: name, Value: value)).FirstOrDefault(section => OwnSections.Contains(section.Name));
        own?.Value?.Wrong("the world makes this section itself");
        keys.End();
        if (dns && edges.Length < 2)
            item.Wrong("dns: names lead from edge to edge, so there must be two at least");
        return new WorldFile(regions, edges, settings?.Node as YamlMappingNode ?? [], wan) { Dns = dns, ByName = byName };
    }

    /// <summary>This world with some settings of its edges replaced: keys of <paramref name="changes"/> win, at any depth.</summary>
    public WorldFile With(YamlMappingNode changes) => this with { EdgeSettings = Merge(EdgeSettings, changes) };

    public static YamlMappingNode Merge(YamlMappingNode below, YamlMappingNode above)
    {
        var merged = new YamlMappingNode(below.Children) { Style = below.Style };
        foreach (var (key, value) in above.Children)
            merged.Children[key] = value is YamlMappingNode deeper && merged.Children.TryGetValue(key, out var old) && old is YamlMappingNode oldMapping
                ? Merge(oldMapping, deeper)
                : value;
        return merged;
    }
}

/// <summary>A region: where it stands and how many nodes it has, 1 to 3.</summary>
internal sealed record DeclaredRegion(string Name, double Latitude, double Longitude, int Nodes)
{
    public static DeclaredRegion Read(string name, Item item)
    {
        var keys = item.Keys();
        var place = keys.Required("location")?.List(axis => axis.Number(-180, 180)) ?? [0, 0];
        if (place.Length != 2 || Math.Abs(place[0]) > 90)
            item.Wrong("location: [latitude, longitude] is expected, in degrees");
        var nodes = keys.Optional("nodes")?.Whole(1, 3) ?? 1;
        keys.End();
        return new DeclaredRegion(name, place.ElementAtOrDefault(0), place.ElementAtOrDefault(1), nodes);
    }
}

/// <summary>An edge, and the region it stands in where it stands in one.</summary>
internal sealed record DeclaredEdge(string Name, string? Region)
{
    public static DeclaredEdge Read(string name, Item item)
    {
        var keys = item.Keys();
        var region = keys.Optional("region")?.Name();
        keys.End();
        return new DeclaredEdge(name, region);
    }
}
