using System.Collections.Immutable;
using Hanzo.Drills.Declarations;
using Hanzo.Drills.Worlds;
using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Faults;

/// <summary>Reads what a step breaks: the key says what, its value whom and how.</summary>
/// <param name="world">What targets must name.</param>
internal sealed class FaultReader(WorldFile world)
{
    private const int MostShards = 64;

    public static IReadOnlyCollection<string> Kinds => ["kill", "freeze", "refuse", "swallow", "slow", "error", "flap", "restart", "load", "geo", "configuration", "partition", "wan", "herd", "clock", "fullDisk", "slowDisk", "names", "move", "killLeader", "partitionLeader"];

    public Fault Read(string kind, Item item) => kind switch
    {
        "kill" => new KillFault(Targets(item)),
        "freeze" => new FreezeFault(Targets(item)),
        "restart" => new RestartFault(Targets(item)),
        "refuse" => new LinkFault(kind, Regions(item), new LinkBehaviour { Refuse = true }),
        "swallow" => new LinkFault(kind, Regions(item), new LinkBehaviour { Swallow = true }),
        "slow" => Detailed(item, (keys, regions, behaviour) => new LinkFault(kind, regions, behaviour with { Delay = keys.Required("by")?.Duration() ?? default })),
        "error" => Detailed(item, (keys, regions, behaviour) => new LinkFault(kind, regions, behaviour with { Status = keys.Optional("status")?.Whole(400, 599) ?? 503 })),
        "flap" => Flap(item),
        "partition" => item.IsKeys ? Partition(item) : new PartitionFault(Sites(item), [], OneWay: false, CustomersToo: false),
        "wan" => Worsen(item),
        "clock" => By(item, (nodes, by) => new ClockFault(nodes, by)),
        "fullDisk" => new FullDiskFault(Nodes(item)),
        "slowDisk" => By(item, (nodes, by) => new SlowDiskFault(nodes, by)),
        "killLeader" => new LeaderFault(kind, item.Whole(0, MostShards - 1), (node, _) => new KillFault([node])),
        "partitionLeader" => new LeaderFault(kind, item.Whole(0, MostShards - 1), (_, region) => new PartitionFault([region], [.. world.Regions.Select(one => one.Name).Where(name => name != region)], OneWay: false, CustomersToo: false)),
        "names" => Failing(item),
        "move" => new MoveFault(Regions(item)),
        "load" => Load(item),
        "herd" => new HerdFault(item.Whole(1, 10_000)),
        "geo" => new GeoFault(item.Choice("swapped", "broken") == "broken"),
        "configuration" => item.IsText && item.Choice("broken") is not null ? new ConfigurationFault(null) : Replaced(item),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such fault"),
    };

    private static NamesFault Failing(Item item)
    {
        item.Choice("failing");
        return new NamesFault();
    }

    private Fault By(Item item, Func<ImmutableArray<string>, TimeSpan, Fault> make)
    {
        var keys = item.Keys();
        var nodes = keys.Required("node") is { } named ? Nodes(named) : [];
        var by = keys.Required("by")?.Duration() ?? TimeSpan.Zero;
        var isBack = keys.Optional("back")?.Flag() ?? false;
        keys.End();
        return make(nodes, isBack ? -by : by);
    }

    private static ConfigurationFault Replaced(Item item)
    {
        var keys = item.Keys();
        var changes = keys.Required("set")?.Node as YamlMappingNode;
        keys.End();
        return new ConfigurationFault(changes ?? []);
    }

    private static LoadFault Load(Item item)
    {
        var keys = item.Keys();
        var times = keys.Required("times")?.Number(1, 100) ?? 1;
        keys.End();
        return new LoadFault(times);
    }

    private PartitionFault Partition(Item item)
    {
        var keys = item.Keys();
        var sites = keys.Required("sites") is { } cut ? Sites(cut) : [];
        var from = keys.Optional("from") is { } others ? Sites(others) : [];
        var oneWay = keys.Optional("oneWay")?.Flag() ?? false;
        var customersToo = keys.Optional("customersToo")?.Flag() ?? false;
        keys.End();
        return new PartitionFault(sites, from, oneWay, customersToo);
    }

    private WanFault Worsen(Item item)
    {
        var keys = item.Keys();
        var sites = keys.Required("sites") is { } named ? Sites(named) : [];
        var fault = new WanFault(
            sites,
            keys.Optional("delay")?.Duration() ?? TimeSpan.Zero,
            keys.Optional("jitter")?.Duration() ?? TimeSpan.Zero,
            keys.Optional("loss")?.Share() ?? 0,
            keys.Optional("bytesPerSecond")?.Number(1, 1e12) ?? 0);
        keys.End();
        return fault;
    }

    private ImmutableArray<string> Sites(Item item) =>
        Named(item, [.. world.Regions.Select(region => region.Name), .. world.Edges.Where(edge => edge.Region is null).Select(edge => edge.Name)]);

    private FlapFault Flap(Item item)
    {
        var keys = item.Keys();
        var regions = keys.Required("region") is { } region ? Regions(region) : [];
        var every = keys.Required("every")?.Duration() ?? TimeSpan.FromSeconds(1);
        keys.End();
        return new FlapFault(regions, every);
    }

    private Fault Detailed(Item item, Func<Keys, ImmutableArray<string>, LinkBehaviour, Fault> make)
    {
        var keys = item.Keys();
        var regions = keys.Required("region") is { } region ? Regions(region) : [];
        var behaviour = new LinkBehaviour
        {
            Share = keys.Optional("share")?.Share() ?? 1,
            ProbesSpared = keys.Optional("probes")?.Choice("spared", "hit") == "spared",
        };
        var fault = make(keys, regions, behaviour);
        keys.End();
        return fault;
    }

    private ImmutableArray<string> Regions(Item item) => Named(item, [.. world.Regions.Select(region => region.Name)]);

    private ImmutableArray<string> Targets(Item item) => Named(item,
    [
        .. world.Regions.Select(region => region.Name),
        .. world.Edges.Select(edge => edge.Name),
        .. world.Regions.SelectMany(region => Enumerable.Range(1, region.Nodes).Select(number => $"{region.Name}-{number}")),
    ]);

    /// <summary>Regions, for all of their nodes, or single nodes.</summary>
    private ImmutableArray<string> Nodes(Item item) => Named(item,
    [
        .. world.Regions.Select(region => region.Name),
        .. world.Regions.SelectMany(region => Enumerable.Range(1, region.Nodes).Select(number => $"{region.Name}-{number}")),
    ]);

    private static ImmutableArray<string> Named(Item item, IReadOnlyCollection<string> names) => item.OneOrMore(target => target.Choice(names));
}
