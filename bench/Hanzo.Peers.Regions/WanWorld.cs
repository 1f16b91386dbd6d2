using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Hanzo.Drills.Wan;
using Hanzo.Drills.Worlds;

namespace Hanzo.Peers.Regions;

/// <summary>Three nodes, each in the network of its region, as far apart as the regions are, and a client in each region.</summary>
internal sealed class WanWorld : IAsyncDisposable
{
    private const string Key = "hk_dev_regions";
    private const int Port = 7101;
    private const int Inner = 7201;
    private const byte Network = 231;

    private readonly WideAreaNetwork _wan;
    private readonly List<Child> _nodes = [];
    private readonly List<HttpClient> _http = [];

    private WanWorld(WideAreaNetwork wan) => _wan = wan;

    public static ImmutableArray<string> Regions { get; } = ["us-east", "eu-west", "ap-southeast"];

    public IReadOnlyList<ShopClient> Clients { get; private set; } = [];

    public static async Task<WanWorld> Build(string program, string directory, TimeProvider time)
    {
        var plan = new WanPlan(Network, [WanPlan.CustomersSite, .. Regions]);
        var (run, keeper) = (new RunDirectory(directory), new Keeper());
        var world = new WanWorld(await WideAreaNetwork.Build(plan, run, keeper, seed: 1, time));
        foreach (var region in Regions)
        {
            var peers = Regions.Where(other => other != region).SelectMany(other => new[] { "--peer", $"{other}-1=http://{plan.AddressOf(other)}:{Inner}" });
            world._nodes.Add(await keeper.Start(region, run.LogOf(region), new Dictionary<string, string>(),
            [
                .. world._wan.InsideOf(region), program, "run", "--region", region, "--name", $"{region}-1", "--listen", $"{plan.AddressOf(region)}:{Port}", "--inner", $"{plan.AddressOf(region)}:{Inner}",
                "--data", run.StateOf(region), "--development-key", Key, "--announce", "0", "--drain-timeout", "1", .. peers,
            ]));
            world._http.Add(world.ClientIn(region, plan.AddressOf(region)));
        }
        world.Clients = [.. world._http.Select(http => new ShopClient(http, Key))];
        return world;
    }

    /// <summary>How long a packet takes from one region to another.</summary>
    public static TimeSpan OneWay(int from, int to) => RoundTrips.OneWay(Regions[from], Regions[to]);

    /// <summary>Cuts a region off from the others, or joins it again.</summary>
    public void Cut(int region, bool isCut)
    {
        foreach (var other in _wan.Others([Regions[region]]))
        {
            _wan.Change(Regions[region], other, usual => usual with { Cut = isCut });
            _wan.Change(other, Regions[region], usual => usual with { Cut = isCut });
        }
    }

    public string? Epitaph() => _nodes.FirstOrDefault(node => node.HasExited)?.Epitaph();

    public async ValueTask DisposeAsync()
    {
        _http.ForEach(http => http.Dispose());
        foreach (var node in _nodes)
        {
            node.Kill();
            await node.Exit();
            node.Dispose();
        }
        await _wan.DisposeAsync();
    }

    /// <summary>Its sockets are opened in the region's network: what it asks its own node for crosses no link.</summary>
    private HttpClient ClientIn(string region, string address) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 64,
        ConnectCallback = async (_, cancellation) =>
        {
            Socket? socket = null;
            _wan.At(region, () => socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            await socket!.ConnectAsync(IPAddress.Parse(address), Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri($"http://{address}:{Port}"), Timeout = TimeSpan.FromSeconds(10) };
}
