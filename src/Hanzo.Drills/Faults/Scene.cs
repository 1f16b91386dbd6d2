using Hanzo.Drills.Resolving;
using Hanzo.Drills.Wan;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Faults;

/// <summary>What faults may lay hands on.</summary>
/// <param name="Links">By the name of the node they stand before.</param>
/// <param name="Configurations">The configuration file of each edge, by its name.</param>
/// <param name="Database">The location database that the edges read: a link to the shipped one.</param>
/// <param name="Wan">Null in a world without.</param>
internal sealed record Scene(
    World World, IReadOnlyDictionary<string, FaultyLink> Links, IReadOnlyDictionary<string, string> Configurations,
    string Database, HttpClient Client, WideAreaNetwork? Wan, TimeProvider Time)
{
    /// <summary>The resolver that the edges find endpoints by; null where they do not.</summary>
    public NameServer? Names { get; init; }

    /// <summary>By the name of the node.</summary>
    public IReadOnlyDictionary<string, FalseClock> Clocks { get; init; } = new Dictionary<string, FalseClock>();

    /// <summary>By the name of the node.</summary>
    public IReadOnlyDictionary<string, SmallDisk> Disks { get; init; } = new Dictionary<string, SmallDisk>();

    /// <summary>Starts what faults need.</summary>
    public required Keeper Keeper { get; init; }

    public required RunDirectory Run { get; init; }

    /// <summary>How long something that is started again may take: as at the beginning, no promise but when a drill is given up.</summary>
    public static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(1);

    public string? RegionOf(WorldProcess process) => World.Plan.Nodes.FirstOrDefault(node => node.Name == process.Name)?.Region;

    public IEnumerable<string> NodesOf(IReadOnlyList<string> targets) =>
        World.Plan.Nodes.Where(node => targets.Contains(node.Region) || targets.Contains(node.Name)).Select(node => node.Name);

    public IEnumerable<FaultyLink> LinksOf(IReadOnlyList<string> targets) =>
        World.Plan.Nodes.Where(node => targets.Contains(node.Region) || targets.Contains(node.Name)).Select(node => Links[node.Name]);
}
