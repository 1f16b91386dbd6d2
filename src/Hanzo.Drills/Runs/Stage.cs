using Hanzo.Drills.Faults;
using Hanzo.Drills.Wan;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Runs;

/// <summary>A running world with the links and files by which a drill breaks it.</summary>
internal sealed class Stage(World world, Scene scene, HttpClient client) : IAsyncDisposable
{
    public World World => world;

    public Scene Scene => scene;

    /// <summary>Starts it; it is not ready yet.</summary>
    public static async Task<Stage> Build(DrillFile drill, WorldPlan plan, Programs programs, RunDirectory run, Keeper keeper, int seed, WanPlan? wanPlan, TimeProvider time)
    {
        var database = Path.Combine(run.Path, "places.mmdb");
        File.CreateSymbolicLink(database + ".shipped", programs.Database);
        GeoFault.Turn(database, database + ".shipped");
        var configurations = EdgeConfigurationText.Write(drill.World, plan, run, database);
        var links = plan.Nodes.Where(node => node.LinkPort != node.Port)
            .ToDictionary(node => node.Name, node => new FaultyLink(node.LinkPort, node.Port, new Random(seed + node.LinkPort), time));
        foreach (var link in links.Values)
            link.Open();
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        var wan = wanPlan is null ? null : await WideAreaNetwork.Build(wanPlan, run, keeper, seed, time);
        var world = await World.Start(plan, programs, run, keeper, time, configurations, wan);
        return new Stage(world, new Scene(world, links, configurations, database, client, wan, time), client);
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        foreach (var link in scene.Links.Values)
            await link.DisposeAsync();
        if (scene.Wan is { } wan)
            await wan.DisposeAsync();
        client.Dispose();
    }
}
