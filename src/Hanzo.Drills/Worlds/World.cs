using Hanzo.Drills.Wan;

namespace Hanzo.Drills.Worlds;

/// <summary>Regions and edges as real processes on this machine.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly List<WorldProcess> _nodes = [];
    private readonly List<WorldProcess> _edges = [];
    private readonly TimeProvider _time;

    private World(WorldPlan plan, TimeProvider time) => (Plan, _time) = (plan, time);

    public WorldPlan Plan { get; }

    public IReadOnlyList<WorldProcess> Nodes => _nodes;

    public IReadOnlyList<WorldProcess> Edges => _edges;

    /// <summary>The running ones, or what became of them.</summary>
    public IReadOnlyList<Child> Children => [.. _nodes.Concat(_edges).Where(process => process.Started).Select(process => process.Child)];

    /// <summary>Starts the nodes. They are not ready yet, and the edges start when they are.</summary>
    /// <param name="wan">The network whose sites they run at; null where they run on this machine as it is.</param>
    /// <param name="configurations">The file of each edge, by its name; the programs' own where it is not there.</param>
    /// <param name="nodesThrough">What to write before the command of a node, such as the program that prepares its disk.</param>
    /// <param name="nodeOptions">Options of all nodes beside those that the plan gives them.</param>
    /// <param name="settings">What is different about the nodes of this world; null for nothing.</param>
    public static async Task<World> Start(
        WorldPlan plan, Programs programs, RunDirectory run, Keeper keeper, TimeProvider time, IReadOnlyDictionary<string, string>? configurations = null, WideAreaNetwork? wan = null,
        Func<NodePlan, IReadOnlyList<string>>? nodesThrough = null, IReadOnlyList<string>? nodeOptions = null, NodeSettings? settings = null)
    {
        var world = new World(plan, time);
        var none = new Dictionary<string, string>();
        foreach (var node in plan.Nodes)
        {
            world._nodes.Add(new WorldProcess(node.Name, $"{node.Url}/readyz", run, keeper, time, settings?.Clocks.GetValueOrDefault(node.Name)?.Variables ?? none,
                [
                    .. Inside(wan, node.Site), .. nodesThrough?.Invoke(node) ?? [], programs.Node, "run", "--region", node.Region, "--listen", $"{node.Address}:{node.Port}", "--name", node.Name,
                    "--data", run.StateOf(node.Name), "--inner", node.Inner,
                    .. plan.Nodes.Where(peer => peer != node && settings is not { Apart: true }).SelectMany(peer => new[] { "--peer", $"{peer.Name}=http://{peer.Inner}" }),
                    .. nodeOptions ?? [], .. settings is null ? Array.Empty<string>() : ["--gateways", settings.Gateways(node.Region)],
                ]));
        }
        foreach (var edge in plan.Edges)
        {
            var ports = plan.Nodes.DistinctBy(node => node.PortVariable).ToDictionary(node => node.PortVariable, node => node.Port.ToString());
            ports["HANZO_EDGE_PORT"] = edge.Port.ToString();
            ports["HANZO_EDGE_ADMIN_PORT"] = edge.AdminPort.ToString();
            if (edge.DnsPort is { } dns)
                ports["HANZO_EDGE_DNS_PORT"] = dns.ToString();
            world._edges.Add(new WorldProcess(edge.Name, $"{edge.AdminUrl}/readyz", run, keeper, time, ports,
                [.. Inside(wan, edge.Site), programs.Edge, "run", "--config", configurations?.GetValueOrDefault(edge.Name) ?? programs.EdgeConfiguration]));
        }
        foreach (var node in world._nodes)
            await node.Start();
        return world;
    }

    private static IReadOnlyList<string> Inside(WideAreaNetwork? wan, string? site) => site is null ? [] : wan!.InsideOf(site);

    /// <summary>
    /// Waits until the nodes are ready, starts the edges that do not run yet, and waits until they are ready too and see all regions
    /// up. Null when it is so, else who is not and why. To an edge that started first, a node that does not answer yet had failed:
    /// it would give the region its clients back slowly.
    /// </summary>
    /// <param name="within">How long the nodes may take, then the edges, then what they see.</param>
    /// <param name="ready">Told the names of those that became ready.</param>
    public async Task<string?> BecomeReady(TimeSpan within, Action<IReadOnlyCollection<string>> ready, CancellationToken cancellation)
    {
        if (await BecomeReady(_nodes, within, ready, cancellation) is { } notReady)
            return notReady;
        foreach (var edge in _edges.Where(edge => !edge.Started))
            await edge.Start();
        return await BecomeReady(_edges, within, edges => ready([.. _nodes.Select(node => node.Name), .. edges]), cancellation) ?? await BeSeen(within, cancellation);
    }

    private static async Task<string?> BecomeReady(IEnumerable<WorldProcess> processes, TimeSpan within, Action<IReadOnlyCollection<string>> ready, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        using var oneFailed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var done = new List<string>();
        var waiting = processes.Select(async process =>
        {
            var failure = await process.BecomeReady(client, within, oneFailed.Token);
            if (failure is null)
            {
                lock (done)
                {
                    done.Add(process.Name);
                    ready([.. done]);
                }
            }
            return failure;
        }).ToList();
        while (waiting.Count > 0)
        {
            var next = await Task.WhenAny(waiting);
            waiting.Remove(next);
            if (await next is not { } failure)
                continue;
            await oneFailed.CancelAsync();
            await Task.WhenAll(waiting.Select(other => other.ContinueWith(_ => { }, TaskScheduler.Default)));
            return failure;
        }
        return null;
    }

    /// <summary>
    /// Waits until the edges see all regions up. Null when they do, else which does not. An edge one of whose probes failed, as on a
    /// slow machine, leaves the region out until further ones have seen it rise.
    /// </summary>
    public async Task<string?> BeSeen(TimeSpan within, CancellationToken cancellation)
    {
        foreach (var edge in Plan.Edges)
        {
            using var admin = new EdgeAdmin(new Uri(edge.AdminUrl), token: null);
            if (await admin.Sees(Plan.Regions, within, _time, cancellation) is { } unseen)
                return $"the {edge.Called} {unseen}";
        }
        return null;
    }

    /// <summary>Completes with the next child that ends by itself.</summary>
    public async Task<Child> NextDeath(IReadOnlyCollection<Child> known, CancellationToken cancellation)
    {
        var exits = Children.Except(known).ToDictionary(child => child.Exit(cancellation));
        var first = await Task.WhenAny(exits.Keys);
        await first;
        return exits[first];
    }

    /// <summary>
    /// Stops all at once: the nodes go on serving for a moment after they are told, long enough for the edges to finish
    /// what is under way.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var all = _nodes.Concat(_edges).ToList();
        await Task.WhenAll(all.Select(process => process.Stop()));
        foreach (var process in all)
            process.Dispose();
    }
}
