using System.Globalization;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Tests.Replication.Simulation;

/// <summary>
/// Three nodes that clients write to while nodes die, lose their disks and stay away for long, links are cut one way or both,
/// and streams break. A seed is a schedule. Afterwards everything is mended, and all nodes must come to the same: everything
/// acknowledged, and each of it once.
/// </summary>
internal sealed class Schedule
{
    private const int Writes = 120;
    private const int Carts = 3;

    private static readonly string[] Names = ["us-east-1", "eu-west-1", "ap-southeast-1"];
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly VirtualTime _time = new();
    private readonly Random _random;
    private readonly SimulatedNetwork _network;
    private readonly Dictionary<int, (ReplicaId Origin, long Sequence)> _acknowledged = [];
    private readonly HashSet<int> _lost = [];

    private Schedule(int seed, bool acksBeforeApplying)
    {
        _random = new Random(seed);
        _network = new SimulatedNetwork(_time, _random) { Breaking = _random.Next(3) * 10 };
        foreach (var name in Names)
        {
            var options = new ReplicationOptions
            {
                Cluster = "simulated",
                Self = name,
                Peers = [.. Names.Where(other => other != name).Select(other => new Peer(other, new Uri($"http://{other}")))],
                // So few that who is away for some seconds needs a snapshot, as after a week.
                KeptEntries = _random.Next(1, 6),
                MostEntries = _random.Next(6, 40),
            };
            var skew = TimeSpan.FromMilliseconds(_random.Next(-3000, 3000));
            _network.Nodes[name] = new SimulatedNode(options, _time, skew, _network, () => TimeSpan.FromMilliseconds(_random.NextDouble() * 8), acksBeforeApplying);
            foreach (var other in Names)
                _network.Delays[(name, other)] = _random.Next(1, 120);
        }
    }

    /// <summary>Plays a seed. Null when all is well, else what is wrong.</summary>
    /// <param name="acksBeforeApplying">Plants a defect.</param>
    public static string? Play(int seed, bool acksBeforeApplying = false) => new Schedule(seed, acksBeforeApplying).Play() is { } wrong ? $"seed {seed}: {wrong}" : null;

    private string? Play()
    {
        _time.Post(() => Each(node => node.Start()));
        for (var write = 0; write < Writes; write++)
            At(_random.NextDouble(), Write(write));
        for (var fault = _random.Next(2, 9); fault > 0; fault--)
            At(_random.NextDouble(), Fault());
        _time.Run(() => _time.Elapsed >= Trouble, Trouble + Patience);
        _time.Post(() =>
        {
            _network.HealAll();
            Each(node => node.Start());
        });
        return _time.Run(AgreeOnAll, Patience) ? WrongWith(_network.Nodes[Names[0]].Disk) : $"no agreement {Patience} after all is mended: {Told()}";
    }

    private void At(double part, Action act) => _time.CreateTimer(_ => act(), null, Trouble * part, Timeout.InfiniteTimeSpan);

    private Action Write(int number)
    {
        var (node, key) = (Any(), $"cart_{_random.Next(Carts)}");
        return async () =>
        {
            if (!node.IsUp)
                return;
            var done = await node.Replica.Change(transaction =>
            {
                var draft = new Draft(CartBook.Collection.In(transaction, key), transaction.Self, transaction.Stamp);
                draft.Set($"write/{number}", "1");
                draft.Add("mug", 1);
                CartBook.Collection.Write(transaction, key, draft);
                return (transaction.Self, transaction.Vector[transaction.Self] + 1);
            });
            _acknowledged[number] = done;
        };
    }

    private Action Fault()
    {
        var (node, other, lasts) = (Any(), Any(), TimeSpan.FromSeconds(_random.NextDouble() * 8));
        switch (_random.Next(6))
        {
            case 0 or 1:
                return () =>
                {
                    node.Kill();
                    Later(lasts, node.Start);
                };
            case 2:
                return () =>
                {
                    node.Kill();
                    Forget(node);
                    node.Wipe();
                    Later(lasts, node.Start);
                };
            case 3:
                return () =>
                {
                    _network.Cut(node.Name, other.Name);
                    Later(lasts, () => _network.Heal(node.Name, other.Name));
                };
            default:
                return () =>
                {
                    Each(peer => { _network.Cut(node.Name, peer.Name); _network.Cut(peer.Name, node.Name); });
                    Later(lasts, () => Each(peer => { _network.Heal(node.Name, peer.Name); _network.Heal(peer.Name, node.Name); }));
                };
        }
    }

    /// <summary>What was on this disk alone is gone with it.</summary>
    private void Forget(SimulatedNode node)
    {
        foreach (var (number, (origin, sequence)) in _acknowledged)
        {
            if (!_network.Nodes.Values.Any(peer => peer != node && peer.Disk.Vector[origin] >= sequence))
                _lost.Add(number);
        }
    }

    private bool AgreeOnAll()
    {
        var disks = _network.Nodes.Values.Select(node => node.Disk).ToArray();
        return Array.TrueForAll(disks, disk => disk.Vector.Equals(disks[0].Vector)) && _network.Nodes.Values.All(node => node.Replica.IsIdle);
    }

    private string? WrongWith(SimulatedDisk first)
    {
        foreach (var disk in _network.Nodes.Values.Select(node => node.Disk))
        {
            if (!RowsOf(disk).SequenceEqual(RowsOf(first)))
                return $"{disk.Self} and {first.Self} have seen the same and hold something else";
        }
        var there = new HashSet<int>();
        var counted = 0L;
        foreach (var document in first.Rows.Select(row => (Causal<Fields>)CartBook.Collection.Decode(row.Value)!))
        {
            there.UnionWith(document.Store.Texts.Entries.Select(entry => int.Parse(entry.Key.Value.Split('/')[1], CultureInfo.InvariantCulture)));
            counted += document.Store.Counts.Entries.Sum(entry => entry.Value.Value);
        }
        var missing = _acknowledged.Keys.Except(_lost).Except(there).Order().ToList();
        return missing.Count > 0 ? $"acknowledged and missing: {string.Join(", ", missing)}"
            : counted != there.Count ? $"{there.Count} writes are there and counted as {counted}"
            : null;
    }

    private string Told() => string.Join(" | ", _network.Nodes.Values.Select(node => $"{node.Name} {node.Disk.Vector}"));

    private SimulatedNode Any() => _network.Nodes[Names[_random.Next(Names.Length)]];

    private void Each(Action<SimulatedNode> act)
    {
        foreach (var name in Names)
            act(_network.Nodes[name]);
    }

    private void Later(TimeSpan after, Action act) => _time.CreateTimer(_ => act(), null, after, Timeout.InfiniteTimeSpan);

    private static IEnumerable<string> RowsOf(SimulatedDisk disk) =>
        disk.Rows.OrderBy(row => row.Key.Key, StringComparer.Ordinal).Select(row => $"{row.Key} {Convert.ToHexString(row.Value)}");
}
