using Hanzo.Commerce.Node.Consensus.Log;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>
/// The replicas of a node at work, on one thread: over and over it takes what came for any of them, moves their cores, writes,
/// syncs, sends and applies. What comes while it syncs goes into the next turn together, so all that goes on in a busy node
/// shares each sync and each waking of a thread.
///
/// What takes long keeps every shard waiting: a replica does it elsewhere and is passed over until it is done.
/// </summary>
internal sealed class GroupLoop(ShardLogs logs, IGroupHost host, TimeProvider time) : IDisposable
{
    private const long TickInterval = 20;

    /// <summary>How long a busy node lets gather what comes before it takes it.</summary>
    private const long LongestGathering = 2;

    /// <summary>Entries taken in one turn, or commands under way, by which a node counts as busy.</summary>
    private const int Busy = 4;

    private readonly object _gate = new();
    private readonly object _gathering = new();
    private Group[] _groups = [];
    private Group? _atWork;
    private Thread? _thread;
    private bool _isStopping;
    private long _nextTick;

    /// <summary>Milliseconds, from any beginning.</summary>
    public long Now => (long)time.GetElapsedTime(0).TotalMilliseconds;

    public void Start(IEnumerable<Group> groups)
    {
        _groups = [.. groups];
        _thread = new Thread(Run) { IsBackground = true, Name = "shards" };
        _thread.Start();
    }

    /// <summary>Does something that the thread waits for, such as to put something where a replica looks; false once it stops.</summary>
    public bool Put(Action put)
    {
        lock (_gate)
        {
            if (_isStopping)
                return false;
            put();
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Stops the thread; everybody who waits is told.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.Pulse(_gate);
        }
        _thread?.Join();
    }

    private void Run()
    {
        try
        {
            while (Wait() is { } began)
            {
                var taken = Turn(began);
                if (taken >= Busy || _groups.Sum(group => group.UnderWay) >= Busy)
                    Gather(Math.Min(Now - began, LongestGathering));
            }
        }
        catch (Exception fault)
        {
            // What is on the disk or in memory is not known any more. The process ends; its next start reads the disk.
            Stop();
            logs.Abandon();
            host.Failed(_atWork?.Shard, fault);
        }
        foreach (var group in _groups)
            group.FailAll();
    }

    private void Stop()
    {
        lock (_gate)
            _isStopping = true;
    }

    /// <summary>Waits until a replica has something to do; when that is, or null once it stops.</summary>
    private long? Wait()
    {
        lock (_gate)
        {
            while (!_isStopping && !Array.Exists(_groups, group => group.IsDue) && _nextTick - Now is > 0 and var left)
                Monitor.Wait(_gate, (int)left);
            var now = Now;
            var isTick = now >= _nextTick;
            if (isTick)
                _nextTick = now + TickInterval;
            foreach (var group in _groups)
                group.Collect(isTick);
            return _isStopping ? null : now;
        }
    }

    /// <summary>One turn of every replica that has something to do; how many entries their logs grew by.</summary>
    private long Turn(long now)
    {
        var grown = 0L;
        foreach (var group in _groups)
        {
            _atWork = group;
            grown += group.Begin(now);
        }
        host.Flush();
        _atWork = null;
        logs.Sync();
        foreach (var group in _groups)
        {
            _atWork = group;
            group.Acknowledge();
        }
        host.Flush();
        Apply();
        foreach (var group in _groups)
        {
            _atWork = group;
            group.End();
        }
        return grown;
    }

    private void Apply()
    {
        _atWork = null;
        // After a start, or a long absence, there is more to do than one processor should have to do alone.
        if (_groups.Count(group => group.IsFarBehind) > 1)
            Parallel.ForEach(_groups, group => group.Apply());
        else
            Array.ForEach(_groups, group => group.Apply());
    }

    /// <summary>
    /// A turn costs much the same for one entry as for twenty: a sync, messages, threads that wake. Where turns take long,
    /// because the disk or the processors are busy, what comes in as long again goes into the next one together.
    /// </summary>
    private void Gather(long milliseconds)
    {
        if (milliseconds <= 0)
            return;
        // Nobody pulses this: what comes wakes the thread only when it has gathered.
        lock (_gathering)
            Monitor.Wait(_gathering, (int)milliseconds);
    }
}
