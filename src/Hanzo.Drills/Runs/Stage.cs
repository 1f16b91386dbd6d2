using System.Net;
using Hanzo.Drills.Faults;
using Hanzo.Drills.Resolving;
using Hanzo.Drills.Traffic;
using Hanzo.Drills.Wan;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Runs;

/// <summary>A running world with the links and files by which a drill breaks it.</summary>
internal sealed class Stage(World world, Scene scene, CardGateway gateway, HttpClient client) : IAsyncDisposable
{
    public World World => world;

    public Scene Scene => scene;

    /// <summary>Where nodes charge cards.</summary>
    public CardGateway Gateway => gateway;

    /// <summary>Starts it; it is not ready yet.</summary>
    public static async Task<Stage> Build(DrillFile drill, WorldPlan plan, Programs programs, RunDirectory run, Keeper keeper, int seed, WanPlan? wanPlan, TimeProvider time)
    {
        var database = Path.Combine(run.Path, "places.mmdb");
        File.CreateSymbolicLink(database + ".shipped", programs.Database);
        GeoFault.Turn(database, database + ".shipped");
        var configurations = EdgeConfigurationText.Write(drill.World, plan, run, database);
        var clocks = NodesOf(drill.Steps.SelectMany(step => step.Fault.ClockTargets)).ToDictionary(node => node, node => new FalseClock(Path.Combine(run.Path, $"{node}.clock")));
        foreach (var clock in clocks.Values)
            clock.Set(TimeSpan.Zero);
        var disks = new Dictionary<string, SmallDisk>();
        foreach (var node in NodesOf(drill.Steps.SelectMany(step => step.Fault.DiskTargets)))
            disks[node] = await SmallDisk.Make(node, run.StateOf(node), run, keeper, time);
        var links = plan.Nodes.Where(node => node.LinkPort != node.Port)
            .ToDictionary(node => node.Name, node => new FaultyLink(node.LinkPort, node.Port, new Random(seed + node.LinkPort), time));
        foreach (var link in links.Values)
            link.Open();
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        var wan = wanPlan is null ? null : await WideAreaNetwork.Build(wanPlan, run, keeper, seed, time);
        var port = plan.GatewayPort!.Value;
        var gateway = new CardGateway(seed);
        if (wan is null)
            gateway.Open(port);
        foreach (var region in wan is null ? [] : plan.Regions)
            wan!.At(region, () => gateway.Open(PortOf(region)));
        var names = plan.NamesPort is { } namesPort ? Serve(plan, namesPort) : null;
        var world = await World.Start(
            plan, programs, run, keeper, time, configurations, wan,
            node => disks.GetValueOrDefault(node.Name)?.Inside ?? [],
            ["--development-key", Shop.ApiKey, "--rate-limit", "1000000"],
            new NodeSettings(drill.World.Apart, clocks, region => CardGateway.WriteFile(Path.Combine(run.Path, $"gateways-{region}.json"), PortOf(region))));
        return new Stage(world, new Scene(world, links, configurations, database, client, wan, time) { Names = names, Clocks = clocks, Disks = disks, Keeper = keeper, Run = run }, gateway, client);

        // One port in every network namespace would do, but the base library's listener does not know of namespaces.
        int PortOf(string region) => wan is null ? port : port + plan.Regions.ToList().IndexOf(region);

        IEnumerable<string> NodesOf(IEnumerable<string> targets) =>
            plan.Nodes.Where(node => targets.Contains(node.Name) || targets.Contains(node.Region)).Select(node => node.Name).Distinct();

    }

    private static NameServer Serve(WorldPlan plan, int port)
    {
        var names = new NameServer();
        foreach (var region in plan.Regions)
            names.Say(EdgeConfigurationText.NameOf(region), IPAddress.Loopback);
        names.Open(port);
        return names;
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        foreach (var link in scene.Links.Values)
            await link.DisposeAsync();
        if (scene.Wan is { } wan)
            await wan.DisposeAsync();
        foreach (var disk in scene.Disks.Values)
            await disk.DisposeAsync();
        scene.Names?.Dispose();
        gateway.Dispose();
        client.Dispose();
    }
}
