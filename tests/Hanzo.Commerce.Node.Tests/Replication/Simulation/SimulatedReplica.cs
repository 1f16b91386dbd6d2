using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Tests.Replication.Simulation;

/// <summary>What outlives a node that is killed.</summary>
internal sealed class SimulatedDisk(ReplicaId self)
{
    public ReplicaId Self { get; } = self;

    public Dictionary<StoreKey, byte[]> Rows { get; } = [];

    public Dictionary<ReplicaId, SortedDictionary<long, byte[]>> Logs { get; } = [];

    public VersionVector Vector { get; set; } = VersionVector.Empty;

    public SortedDictionary<long, byte[]> LogOf(ReplicaId origin) => Logs.TryGetValue(origin, out var log) ? log : Logs[origin] = [];

    public void Cut(ReplicaId origin, long sequence)
    {
        foreach (var number in LogOf(origin).Keys.TakeWhile(number => number <= sequence).ToList())
            LogOf(origin).Remove(number);
    }
}

/// <summary>
/// A store from start to death: groups of changes run by the code of the real one and reach the disk after a while, all of a
/// group or nothing.
/// </summary>
/// <param name="acksBeforeApplying">A defect, planted: the log and the vector are on disk, and everybody is told, before the rows are.</param>
internal sealed class SimulatedReplica(SimulatedDisk disk, CollectionSet collections, Func<HybridTime> nextStamp, VirtualTime time, Func<TimeSpan> syncTime, bool acksBeforeApplying)
    : IReplica
{
    private readonly StoreTransaction _transaction = new(collections, disk.Self, key => RowOf(disk, collections, key), nextStamp);
    // Not a ChangeSignal, which wakes who waits on other threads.
    private TaskCompletionSource _next = new();
    private readonly List<StoreWork> _waiting = [];
    private bool _isWriting;
    private bool _isDead;

    public CollectionSet Collections => collections;

    public VersionVector Vector => disk.Vector;

    public VersionVector Shown => disk.Vector;

    public Task NextChange => _next.Task;

    public bool IsIdle => !_isWriting;

    public void Die() => _isDead = true;

    public Task<T> Change<T>(Func<StoreTransaction, T> change, CancellationToken cancellation = default)
    {
        var work = new StoreWork<T>(change);
        _waiting.Add(work);
        if (!_isWriting)
            VirtualTime.Watch(Write());
        return work.Done;
    }

    public List<LogRow> Log(ReplicaId origin, long after, int limit) =>
        [.. disk.LogOf(origin).Where(entry => entry.Key > after).Take(limit).Select(entry => new LogRow(origin, entry.Key, entry.Value))];

    public long? FirstOf(ReplicaId origin) => disk.LogOf(origin) is { Count: > 0 } log ? log.First().Key : null;

    public List<(StoreKey Key, byte[] Value)> Range(int range) => [.. disk.Rows.Where(row => row.Key.Range == range).Select(row => (row.Key, row.Value))];

    public Task Cut(ReplicaId origin, long sequence)
    {
        if (!_isDead)
            disk.Cut(origin, sequence);
        return Task.CompletedTask;
    }

    private async Task Write()
    {
        _isWriting = true;
        while (_waiting.Count > 0 && !_isDead)
        {
            var kept = Run();
            await Task.Delay(syncTime(), time);
            if (_isDead)
                return;
            if (acksBeforeApplying)
            {
                PersistLog();
                Answer(kept);
                await Task.Delay(syncTime(), time);
                if (_isDead)
                    return;
                PersistRows();
                continue;
            }
            PersistRows();
            PersistLog();
            Answer(kept);
        }
        _isWriting = false;
    }

    private List<StoreWork> Run()
    {
        var kept = new List<StoreWork>();
        _transaction.BeginBatch(disk.Vector);
        foreach (var work in _waiting)
        {
            _transaction.BeginCaller();
            work.Run(_transaction);
            _transaction.EndCaller();
            kept.Add(work);
        }
        _waiting.Clear();
        return kept;
    }

    private void PersistRows()
    {
        foreach (var (key, row) in _transaction.Rows)
        {
            if (row.IsChanged)
                disk.Rows[key] = collections[key.Collection].Encode(row.State!);
        }
    }

    private void PersistLog()
    {
        foreach (var row in _transaction.Log)
            disk.LogOf(row.Origin).Add(row.Sequence, row.Body.ToArray());
        foreach (var (origin, sequence) in _transaction.Skipped)
            disk.Cut(origin, sequence);
        disk.Vector = _transaction.Vector;
    }

    private void Answer(List<StoreWork> kept)
    {
        foreach (var work in kept)
            work.Complete();
        var changed = _next;
        _next = new TaskCompletionSource();
        changed.SetResult();
    }

    private static Row RowOf(SimulatedDisk disk, CollectionSet collections, StoreKey key) =>
        disk.Rows.TryGetValue(key, out var value) ? new Row(collections[key.Collection].Decode(value), value, 0) : Row.None;
}
