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
        _changes = meter.CreateCounter<long>("hanzo_node_store_changes_total", description: "Changes committed to the store.");
        _failures = meter.CreateCounter<long>("hanzo_node_store_commit_failures_total", description: "Groups of changes that the disk did not take.");
        _damage = meter.CreateCounter<long>("hanzo_node_store_damaged_ranges_total", description: "Key ranges that were not on disk as written.");
        _commits = meter.CreateHistogram("hanzo_node_store_commit_seconds", "s", "Time from taking a group of changes to its fsync.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5],
        });
        _changes.Add(0);
        _failures.Add(0);
        _damage.Add(0);
    }

    public void Committed(int changes, TimeSpan duration)
    {
        _changes.Add(changes);
        _commits.Record(duration.TotalSeconds);
    }

    public void CommitFailed() => _failures.Add(1);

    public void RangeDamaged() => _damage.Add(1);
}
