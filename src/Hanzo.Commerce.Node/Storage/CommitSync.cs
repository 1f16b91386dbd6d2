using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Serving;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// The second half of a commit: groups that SQLite has written to its write-ahead log wait here for a sync of that file, and
/// are answered in their order. While the disk is busy the writer runs the next groups, and one sync carries all that wait.
/// </summary>
internal sealed class CommitSync
{
    private readonly SafeFileHandle _file;
    private readonly StoreOptions _options;
    private readonly Action<VersionVector> _held;
    private readonly Action _synced;
    private readonly StoreMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Thread _thread;
    // Not a Lock: it is waited on.
    private readonly object _gate = new();
    private readonly List<CommittedGroup> _waiting = [];
    private int _works;
    private bool _isSyncing;
    private bool _isOver;
    private IOException? _failure;

    /// <param name="held">Told how far the logs are on disk.</param>
    /// <param name="synced">Told that fewer are unanswered.</param>
    public CommitSync(StoreOptions options, Action<VersionVector> held, Action synced, StoreMetrics metrics, TimeProvider time, ILogger log)
    {
        (_file, _options, _held, _synced, _metrics, _time, _log) = (StoreDatabase.OpenLog(options), options, held, synced, metrics, time, log);
        _thread = new Thread(Loop) { Name = "store sync", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why nothing may be written any more until the next start, or null: what a disk has after a sync that failed is not known.</summary>
    public IOException? Failure => Volatile.Read(ref _failure);

    /// <summary>How many wait for a sync that has not yet ended.</summary>
    public int Unanswered => Volatile.Read(ref _works);

    /// <summary>Answers a group when all before it and itself are on disk. For the writer's thread alone.</summary>
    public void Add(CommittedGroup group)
    {
        lock (_gate)
        {
            if (group.Syncs || _isSyncing || _waiting.Count > 0)
            {
                _waiting.Add(group);
                _works += group.Works.Count;
                Monitor.PulseAll(_gate);
                while (_works > _options.QueueLength)
                    Monitor.Wait(_gate);
                return;
            }
        }
        Finish(group);
    }

    /// <summary>Answers what waits, and returns when the thread has ended.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
        _file.Dispose();
    }

    private void Loop()
    {
        var groups = new List<CommittedGroup>();
        while (Take(groups))
        {
            if (Failure is null && groups.Exists(group => group.Syncs))
                Sync();
            lock (_gate)
            {
                _works -= groups.Sum(group => group.Works.Count);
                Monitor.PulseAll(_gate);
            }
            _synced();
            foreach (var group in groups)
                Finish(group);
        }
    }

    private bool Take(List<CommittedGroup> groups)
    {
        lock (_gate)
        {
            groups.Clear();
            _isSyncing = false;
            while (_waiting.Count == 0 && !_isOver)
                Monitor.Wait(_gate);
            groups.AddRange(_waiting);
            _waiting.Clear();
            _isSyncing = groups.Count > 0;
            return _isSyncing;
        }
    }

    private void Sync()
    {
        try
        {
            _options.Sync(_file);
        }
        catch (IOException failure)
        {
            Volatile.Write(ref _failure, failure);
            _log.SyncFailed(failure);
        }
    }

    private void Finish(CommittedGroup group)
    {
        if (Failure is { } failure)
        {
            _metrics.CommitFailed();
            foreach (var work in group.Works)
                work.Fail(new StoreUnavailableException("The store could not sync: whether this was kept is not known.", failure));
            return;
        }
        _held(group.Vector);
        _metrics.Committed(group.Changes, _time.GetElapsedTime(group.Start));
        PoolThreads.Tell(group.Works, static work => work.Complete());
    }
}

/// <summary>What one transaction carried.</summary>
/// <param name="Vector">How far the logs are with it.</param>
/// <param name="Works">Those that are answered when it is on disk.</param>
/// <param name="Changes">How many changes there were, with those that were answered before.</param>
/// <param name="Syncs">Whether it asks for a sync by itself.</param>
/// <param name="Start">When it was taken from the queue.</param>
internal readonly record struct CommittedGroup(VersionVector Vector, List<StoreWork> Works, int Changes, bool Syncs, long Start);
