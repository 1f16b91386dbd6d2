using System.Collections.Immutable;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Wan;

/// <summary>
/// A network namespace for each site, joined by a WAN that can be changed while it runs. The kernel's own emulation
/// (sch_netem) is missing from many kernels, so packets pass through this process.
///
/// A namespace lives as long as a process in it: a sleeping one, which the kernel ends with this process. It has no name that
/// could stay behind.
/// </summary>
internal sealed class WideAreaNetwork : IAsyncDisposable
{
    private const string Device = "hzwan";
    private const int NodesPerSite = 3;
    private const int EdgesPerSite = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly WanPlan _plan;
    private readonly Dictionary<string, Child> _holders;
    private readonly Dictionary<(byte From, byte To), Delivery> _deliveries = [];
    private readonly Dictionary<(byte From, byte To), LinkQuality> _usual = [];
    private readonly Forwarder _forwarder;

    private WideAreaNetwork(WanPlan plan, Dictionary<string, Child> holders, IReadOnlyDictionary<byte, TunDevice> devices, int seed, TimeProvider time)
    {
        (_plan, _holders) = (plan, holders);
        foreach (var from in plan.Sites)
            foreach (var to in plan.Sites.Where(to => to != from))
            {
                var pair = (plan.NumberOf(from), plan.NumberOf(to));
                _usual[pair] = new LinkQuality { Delay = RoundTrips.OneWay(from, to) };
                _deliveries[pair] = new Delivery(_usual[pair], new Random(seed + 1000 * pair.Item1 + pair.Item2));
            }
        _forwarder = new Forwarder(devices, _deliveries, time);
        _forwarder.Start();
    }

    /// <summary>Makes the namespaces and joins them.</summary>
    public static async Task<WideAreaNetwork> Build(WanPlan plan, RunDirectory run, Keeper keeper, int seed, TimeProvider time)
    {
        var holders = new Dictionary<string, Child>();
        var devices = new Dictionary<byte, TunDevice>();
        var log = run.LogOf("wan");
        foreach (var site in plan.Sites)
        {
            int? process = null;
            if (site != WanPlan.CustomersSite)
            {
                var holder = await keeper.Start($"site {site}", run.LogOf($"site-{site}"), new Dictionary<string, string>(), ["/usr/bin/unshare", "--net", "/bin/sleep", "infinity"]);
                holders[site] = holder;
                process = holder.Pid;
                while (!HasItsOwnNamespace(holder.Pid))
                    await Task.Delay(Pause, time);
            }
            devices[plan.NumberOf(site)] = TunDevice.Open(process is null ? $"{Device}{plan.Network}" : Device, process);
            using var setup = await keeper.Start($"network of {site}", log, new Dictionary<string, string>(), [.. Inside(process), "/bin/sh", "-ec", Setup(plan, site, process is null)]);
            await setup.Exit();
            if (setup.ExitCode != 0)
                throw new InvalidOperationException(setup.Epitaph());
        }
        return new WideAreaNetwork(plan, holders, devices, seed, time);
    }

    /// <summary>What to write before a command so that it runs at a site.</summary>
    public IReadOnlyList<string> InsideOf(string site) => Inside(_holders[site].Pid);

    /// <summary>Does something in the network of a site.</summary>
    public void At(string site, Action work) => NetworkNamespace.Inside(_holders[site].Pid, work);

    /// <summary>Changes one direction, starting from what is usual there.</summary>
    public void Change(string from, string to, Func<LinkQuality, LinkQuality> change)
    {
        var pair = (_plan.NumberOf(from), _plan.NumberOf(to));
        _deliveries[pair].Quality = change(_usual[pair]);
    }

    /// <summary>Every site but <paramref name="sites"/> and the customers'.</summary>
    public ImmutableArray<string> Others(IEnumerable<string> sites) => [.. _plan.Sites.Except(sites).Where(site => site != WanPlan.CustomersSite)];

    public ImmutableArray<string> Sites => _plan.Sites;

    public async ValueTask DisposeAsync()
    {
        _forwarder.Dispose();
        foreach (var holder in _holders.Values)
        {
            holder.Kill();
            await holder.Exit();
            holder.Dispose();
        }
    }

    private static string[] Inside(int? process) => process is { } pid ? ["/usr/bin/nsenter", $"--net=/proc/{pid}/ns/net", "--"] : [];

    private static string Setup(WanPlan plan, string site, bool customers)
    {
        var device = customers ? $"{Device}{plan.Network}" : Device;
        string[] addresses = customers
            ? [plan.AddressOf(site)]
            : [.. Enumerable.Range(1, NodesPerSite).Select(number => plan.NodeAddress(site, number)), .. Enumerable.Range(0, EdgesPerSite).Select(number => plan.EdgeAddress(new DeclaredEdge(site, site), number))];
        return string.Join('\n',
        [
            .. customers ? Array.Empty<string>() : ["ip link set lo up"],
            .. addresses.Select(address => $"ip addr add {address}/16 dev {device}"),
            $"ip link set {device} up",
        ]);
    }

    private static bool HasItsOwnNamespace(int pid) =>
        new FileInfo($"/proc/{pid}/ns/net").LinkTarget is { } theirs && theirs != new FileInfo("/proc/self/ns/net").LinkTarget
        && File.ReadAllText($"/proc/{pid}/comm").Trim() == "sleep";
}
