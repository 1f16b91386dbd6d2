using System.Diagnostics.Metrics;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>What replication does.</summary>
internal sealed class ReplicationMetrics
{
    private readonly Counter<long> _applied;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _repaired;

    public ReplicationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Hanzo.Commerce.Node.Replication");
        _applied = meter.CreateCounter<long>("hanzo_node_replication_applied_entries_total", description: "Log entries of other origins applied.");
        _refused = meter.CreateCounter<long>("hanzo_node_replication_refusals_total", description: "What peers sent and this node refused, by reason.");
        _repaired = meter.CreateCounter<long>("hanzo_node_replication_repaired_rows_total", description: "Rows that had to be repaired from a peer; 0 without damage to a disk.");
        _applied.Add(0);
        _repaired.Add(0);
    }

    public void Applied(int entries) => _applied.Add(entries);

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Repaired(int rows) => _repaired.Add(rows);
}
