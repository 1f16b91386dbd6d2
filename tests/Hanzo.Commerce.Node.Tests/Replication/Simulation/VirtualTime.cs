namespace Hanzo.Commerce.Node.Tests.Replication.Simulation;

/// <summary>
/// Time that passes only when nothing is left to do, and the one thread on which everything happens: whatever awaits goes on
/// in the order in which it became ready, so that a seed always plays the same schedule.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<(Timer Timer, long Version), (long At, long Order)> _due = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly Context _context;
    private long _now;
    private long _order;
    private int _thread;
    private string? _strayed;

    public VirtualTime() => _context = new Context(this);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => TimeSpan.FromTicks(_now);

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Assert.Equal(Timeout.InfiniteTimeSpan, period);
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass until something holds. False when it does not within a time.</summary>
    public bool Run(Func<bool> until, TimeSpan atMost)
    {
        var (outside, end) = (SynchronizationContext.Current, _now + atMost.Ticks);
        _thread = Environment.CurrentManagedThreadId;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            while (true)
            {
                while (_ready.TryDequeue(out var next))
                {
                    if (_strayed is not null)
                        throw new InvalidOperationException($"Something runs on a thread of its own, so a seed is no schedule: {_strayed}");
                    next.Callback(next.State);
                }
                if (until())
                    return true;
                if (!_due.TryDequeue(out var due, out var when) || when.At > end)
                    return false;
                _now = Math.Max(_now, when.At);
                due.Timer.Fire(due.Version);
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    /// <summary>Lets <see cref="Run"/> throw what a task throws that nobody waits for.</summary>
    public static async void Watch(Task task) => await task;

    /// <summary>Runs something on the thread of this time.</summary>
    public void Post(Action act) => _ready.Enqueue((_ => act(), null));

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _version++;
            if (dueTime != Timeout.InfiniteTimeSpan)
                time._due.Enqueue((this, _version), (time._now + Math.Max(0, dueTime.Ticks), time._order++));
            return true;
        }

        public void Fire(long version)
        {
            if (version == _version)
                callback(state);
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Context(VirtualTime time) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            if (Environment.CurrentManagedThreadId != time._thread)
                time._strayed ??= Environment.StackTrace;
            time._ready.Enqueue((d, state));
        }

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }
}
