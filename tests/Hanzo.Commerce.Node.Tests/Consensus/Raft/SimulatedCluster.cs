using System.Text;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Raft;

/// <summary>
/// Members in one thread and a network that delays, loses, doubles and reorders, by a seed. It checks on the way what must
/// never happen: two leaders of one term, two commands decided at one place, an acknowledged command that is gone, a reading
/// that misses what was acknowledged before it began.
/// </summary>
internal sealed class SimulatedCluster
{
    private static readonly RaftOptions Options = new() { ElectionTimeout = TimeSpan.FromMilliseconds(300), Heartbeat = TimeSpan.FromMilliseconds(50), Pipeline = 20, HandOverInterval = TimeSpan.FromSeconds(1) };

    private readonly Random _random;
    private readonly PriorityQueue<(string From, string To, Message Message), long> _network = new();
    private readonly Dictionary<string, string> _nodes = [];
    private readonly Dictionary<long, string> _leaders = [];
    private readonly Dictionary<long, string> _decided = [];
    private readonly Dictionary<long, string> _proposed = [];
    private readonly List<(string Member, long Round, long Index, long Acknowledged)> _readings = [];
    private HashSet<string> _cut = [];
    private long _now;
    private int _made;
    private long _acknowledged;

    public SimulatedCluster(int nodes, int seed)
    {
        _random = new Random(seed);
        foreach (var name in Enumerable.Range(0, nodes).Select(i => $"n{i}"))
            _nodes[name] = $"{name}@0";
        var founders = Membership.Of(0, _nodes.Values.Select(id => new Member(id, IsVoter: true)));
        foreach (var id in _nodes.Values)
            Members[id] = new SimulatedMember(id, new MemoryLog(founders), Options, _random, 0);
    }

    public Dictionary<string, SimulatedMember> Members { get; } = [];

    /// <summary>Commands that a client was told are done.</summary>
    public long Acknowledged => _acknowledged;

    public int ReadingsDone { get; private set; }

    /// <summary>How much goes wrong: 0 nothing, 1 as much as may.</summary>
    public double Trouble { get; set; } = 1;

    public SimulatedMember? Leader => Members.Values.Where(member => member.IsUp && member.Core.Role == Role.Leader).MaxBy(member => member.Core.Term);

    public void Run(long milliseconds, bool crashes = true, bool wipes = false)
    {
        for (var end = _now + milliseconds; _now < end; _now++)
        {
            Deliver();
            foreach (var member in Members.Values.Where(member => member.IsUp).ToArray())
            {
                if (_now % 10 == 0)
                    Turn(member, core => core.Tick(_now));
                if (_random.Next(20) == 0)
                    Propose(member);
                if (_random.Next(40) == 0)
                    Read(member);
                // Who brings snapshots tells sooner or later when one did not arrive.
                if (_random.Next(500) == 0)
                    Turn(member, core => _nodes.Values.ToList().ForEach(core.SnapshotFailed));
                member.SaveSometimes(_random);
            }
            if (crashes)
                MakeTrouble(wipes);
        }
    }

    /// <summary>Everything works again; in the end all hold the same.</summary>
    public void Settle()
    {
        (Trouble, _cut) = (0, []);
        foreach (var (name, id) in _nodes)
        {
            if (!Members[id].IsUp)
                Restart(name, isWiped: false);
        }
        RunAndMeet(6_000, crashes: false);
        Assert.NotNull(Leader);
        var states = _nodes.Values.Select(id => Members[id].State).ToArray();
        var longest = states.Max(state => state.Count);
        Assert.All(states, state => Assert.InRange(state.Count, longest - 60, longest));
        Assert.All(_nodes.Values, id => Assert.True(Leader!.Core.Members.IsVoter(id), $"{id} is no voter of {Leader.Core.Members}"));
        foreach (var state in states)
            Assert.Equal(state, states[0].Count >= state.Count ? states[0].Take(state.Count) : state);
    }

    private void Propose(SimulatedMember member)
    {
        var command = $"c{_made++}";
        long? index = null;
        Turn(member, core => index = core.Propose([Encoding.UTF8.GetBytes(command)], stamp: 0));
        if (index is { } at)
            _proposed[at] = command;
    }

    private void Read(SimulatedMember member) => Turn(member, core =>
    {
        if (core.BeginRead() is var (round, index))
            _readings.Add((member.Id, round, index, _acknowledged));
    });

    private void Turn(SimulatedMember member, Action<RaftCore> step)
    {
        var power = Trouble > 0 && _random.NextDouble() < 0.0005 * Trouble;
        var sent = member.Turn(step, (index, command) => Decided(member, index, command), power);
        foreach (var outgoing in sent)
            Send(member.Id, outgoing);
        if (power)
            member.IsUp = false;
        if (member.Core.Role == Role.Leader)
        {
            if (!_leaders.TryAdd(member.Core.Term, member.Id))
                Assert.Equal(_leaders[member.Core.Term], member.Id);
        }
        foreach (var reading in _readings.Where(reading => reading.Member == member.Id).ToArray())
        {
            if (member.Core.Role == Role.Leader && member.Core.ConfirmedRound >= reading.Round && member.Applied >= reading.Index)
            {
                Assert.True(member.Applied >= reading.Acknowledged, "a reading misses what was acknowledged before it");
                ReadingsDone++;
            }
            else if (member.Core.Role == Role.Leader)
            {
                continue;
            }
            _readings.Remove(reading);
        }
    }

    private void Decided(SimulatedMember member, long index, string command)
    {
        if (!_decided.TryAdd(index, command))
            Assert.Equal(_decided[index], command);
        // The leader answers its client once the command is applied.
        if (member.Core.Role == Role.Leader)
            _acknowledged = Math.Max(_acknowledged, index);
    }

    private void Send(string from, Outgoing outgoing)
    {
        if (_random.NextDouble() < 0.03 * Trouble || _cut.Contains(from) != _cut.Contains(outgoing.To))
            return;
        var copies = _random.NextDouble() < 0.03 * Trouble ? 2 : 1;
        for (var i = 0; i < copies; i++)
            _network.Enqueue((from, outgoing.To, outgoing.Message), _now + 1 + _random.Next((int)(2 + 40 * Trouble)) + (_random.NextDouble() < 0.01 * Trouble ? 500 : 0));
    }

    private void Deliver()
    {
        while (_network.TryPeek(out var next, out var at) && at <= _now)
        {
            _network.Dequeue();
            // A process that was wiped or restarted answers by its new id: what was meant for the old one is not for it.
            if (Members.TryGetValue(next.To, out var member) && member.IsUp && _nodes.ContainsValue(next.To) && _cut.Contains(next.From) == _cut.Contains(next.To))
                Turn(member, core => core.Step(next.From, next.Message, _now));
        }
    }

    private void MakeTrouble(bool wipes)
    {
        if (_random.NextDouble() < 0.002)
        {
            var name = _nodes.Keys.ElementAt(_random.Next(_nodes.Count));
            Members[_nodes[name]].IsUp = false;
        }
        foreach (var name in _nodes.Keys.Where(name => !Members[_nodes[name]].IsUp && _random.NextDouble() < 0.005).ToArray())
            Restart(name, wipes && _random.Next(4) == 0 && MayBeWiped(name));
        if (_random.NextDouble() < 0.001)
            _cut = _cut.Count > 0 ? [] : [.. _nodes.Values.Where(_ => _random.Next(_nodes.Count) == 0)];
        if (_random.NextDouble() < 0.002 && Leader is { } leader)
            leader.Core.HandOver(_nodes.Values.ElementAt(_random.Next(_nodes.Count)));
    }

    /// <summary>One disk at a time: who loses a majority of the disks loses what was on them.</summary>
    private bool MayBeWiped(string name) => Leader is { } leader && Member.NameOf(leader.Id) != name
        && _nodes.Where(node => node.Key != name).All(node => leader.Core.Members.IsVoter(node.Value));

    private void Restart(string name, bool isWiped)
    {
        var before = Members[_nodes[name]];
        before.Log.Crash();
        if (isWiped)
            _nodes[name] = $"{name}@{_now}";
        var log = isWiped ? new MemoryLog(Membership.None) : before.Log;
        Members[_nodes[name]] = new SimulatedMember(_nodes[name], log, Options, _random, _now);
        foreach (var member in Members.Values.Where(member => member.IsUp))
            member.Core.Lost(before.Id, _now);
    }

    /// <summary>Members meet whoever answers at an address, by the id he has now.</summary>
    public void Meet()
    {
        foreach (var id in _nodes.Values.Where(id => Members[id].IsUp))
            Leader?.Core.Met(id, _now);
    }

    /// <summary>Runs while wiped members are met and taken in.</summary>
    public void RunAndMeet(long milliseconds, bool crashes = true, bool wipes = false)
    {
        for (var i = 0; i < milliseconds / 100; i++)
        {
            Run(100, crashes, wipes);
            Meet();
        }
    }
}
