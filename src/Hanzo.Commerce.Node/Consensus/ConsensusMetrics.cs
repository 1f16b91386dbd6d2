using System.Diagnostics.Metrics;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>What the replicas do.</summary>
internal sealed class ConsensusMetrics
{
    private readonly Counter<long> _leaders;
    private readonly Counter<long> _noRoom;
    private readonly Histogram<double> _commands;
    private readonly Meter _meter;

    public ConsensusMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("Hanzo.Commerce.Node.Consensus");
        _leaders = _meter.CreateCounter<long>("hanzo_node_consensus_leader_changes_total", description: "Times that a shard had another leader, or none, as this node saw it.");
        _noRoom = _meter.CreateCounter<long>("hanzo_node_consensus_disk_full_total", description: "Entries or snapshots that the disk had no room for.");
        _commands = _meter.CreateHistogram<double>("hanzo_node_consensus_command_seconds", "s", "Time from a command's arrival at this node to its outcome.");
    }

    public void LeaderChanged(int shard) => _leaders.Add(1, Shard(shard));

    public void NoRoom(int shard) => _noRoom.Add(1, Shard(shard));

    public void Submitted(int shard, SubmitOutcome outcome, TimeSpan duration) => _commands.Record(duration.TotalSeconds, Shard(shard), new KeyValuePair<string, object?>("outcome", outcome switch
    {
        SubmitOutcome.Applied => "applied",
        SubmitOutcome.NotApplied => "not-applied",
        _ => "unknown",
    }));

    /// <summary>Shows what the replicas are at.</summary>
    public void Watch(Replicas replicas)
    {
        _meter.CreateObservableGauge("hanzo_node_consensus_leads", () => replicas.Groups.Select(group => new Measurement<int>(group.Leads ? 1 : 0, Shard(group.Shard))), description: "Whether this node leads the shard.");
        _meter.CreateObservableGauge("hanzo_node_consensus_silence_seconds", () => replicas.Groups.Select(group => new Measurement<double>(group.Silence.TotalSeconds, Shard(group.Shard))), "s", "Time since something proved that this node belongs to a led majority.");
        _meter.CreateObservableGauge("hanzo_node_consensus_staleness_seconds", () => replicas.Groups.Select(group => new Measurement<double>(group.Staleness.TotalSeconds, Shard(group.Shard))), "s", "How old the state here may be.");
    }

    private static KeyValuePair<string, object?> Shard(int shard) => new("shard", shard);
}
