using System.Diagnostics.Metrics;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>What the store does.</summary>
internal sealed class StoreMetrics
{
    private readonly Counter<long> _changes;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _damage;
    private readonly Histogram<double> _commits;

    public StoreMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Hanzo.Commerce.Node.Storage");
        _changes = meter.CreateCounter<long>("hanzo_node_store_changes", description: "Changes committed to the store.");
        _failures = meter.CreateCounter<long>("hanzo_node_store_commit_failures", description: "Groups of changes that the disk did not take.");
        _damage = meter.CreateCounter<long>("hanzo_node_store_damaged_ranges", description: "Key ranges that were not on disk as written.");
        _commits = meter.CreateHistogram<double>("hanzo_node_store_commit_seconds", "s", "Time from taking a group of changes to its fsync.");
    }

    public void Committed(int changes, TimeSpan duration)
    {
        _changes.Add(changes);
        _commits.Record(duration.TotalSeconds);
    }

    public void CommitFailed() => _failures.Add(1);

    public void RangeDamaged() => _damage.Add(1);
}
