using System.Net;

namespace Hanzo.Drills.Worlds;

/// <summary>Three regions and an edge as real processes on this machine.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly WorldPlan _plan;
    private readonly TimeProvider _time;
    private readonly List<Child> _children = [];

    private World(WorldPlan plan, TimeProvider time) => (_plan, _time) = (plan, time);

    public IReadOnlyList<Child> Children => _children;

    /// <summary>Starts the nodes, then the edge. They are not ready yet.</summary>
    public static async Task<World> Start(WorldPlan plan, Programs programs, RunDirectory run, Keeper keeper, TimeProvider time)
    {
        var world = new World(plan, time);
        foreach (var node in plan.Nodes)
        {
            world._children.Add(await keeper.Start(node.Name, run.LogOf(node.Name), new Dictionary<string, string>(),
                [programs.Node, "run", "--region", node.Region, "--listen", $"127.0.0.1:{node.Port}", "--name", node.Name]));
        }
        var ports = plan.Nodes.ToDictionary(node => node.PortVariable, node => node.Port.ToString());
        ports["HANZO_EDGE_PORT"] = plan.EdgePort.ToString();
        ports["HANZO_EDGE_ADMIN_PORT"] = plan.AdminPort.ToString();
        world._children.Add(await keeper.Start("edge", run.LogOf("edge"), ports, [programs.Edge, "run", "--config", programs.EdgeConfiguration]));
        return world;
    }

    /// <summary>Waits until everything is ready. Null when it is, else who is not and why.</summary>
    /// <param name="ready">Told the names of those that became ready.</param>
    public async Task<string?> BecomeReady(TimeSpan within, Action<IReadOnlyCollection<string>> ready, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        var waiting = _plan.Nodes.ToDictionary(node => node.Name, node => $"{node.Url}/readyz");
        waiting["edge"] = $"{_plan.AdminUrl}/readyz";
        var done = new List<string>();
        var start = _time.GetTimestamp();
        while (waiting.Count > 0)
        {
            if (_children.Find(child => child.HasExited) is { } dead)
                return dead.Epitaph();
            if (_time.GetElapsedTime(start) > within)
                return $"not ready after {within.TotalSeconds:0} s: {string.Join(", ", waiting.Keys)}";
            foreach (var (name, url) in waiting.ToList())
            {
                if (!await IsReady(client, url, cancellation))
                    continue;
                waiting.Remove(name);
                done.Add(name);
                ready(done);
            }
            await Task.Delay(Pause, _time, cancellation);
        }
        return null;
    }

    /// <summary>Completes with the next child that ends by itself.</summary>
    public async Task<Child> NextDeath(IReadOnlyCollection<Child> known, CancellationToken cancellation)
    {
        var exits = _children.Except(known).ToDictionary(child => child.Exit(cancellation));
        var first = await Task.WhenAny(exits.Keys);
        await first;
        return exits[first];
    }

    /// <summary>
    /// Stops all at once: the nodes go on serving for a moment after they are told, long enough for the edge to finish
    /// what is under way.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_children.Select(child => child.Stop(StopPatience, _time)));
        foreach (var child in _children)
            child.Dispose();
    }

    private static async Task<bool> IsReady(HttpClient client, string url, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(url, cancellation);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
