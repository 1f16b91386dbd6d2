using Microsoft.Extensions.ObjectPool;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>
/// Bounds the time of one attempt to the head of its response. Used again and again: setting it costs a change of a timer
/// only where that would fire too late, for one that fires early looks again; it allocates nothing. Firing and the arrival of the head are decided by one word, which holds the number of the
/// use as well, so that exactly one of them wins and a late shot never hits the next request.
/// </summary>
internal sealed class AttemptTimer : IDisposable
{
    private const long Idle = 0;
    private const long Running = 1;
    private const long Held = 2;
    private const long Cut = 3;
    private const long Phases = 4;

    private readonly TimeProvider time;
    private readonly Attempts judge;
    private readonly CancellationTokenSource source = new();
    private readonly ITimer timer;
    private Exchange? exchange;
    private TimeSpan timeout;
    private long armed;
    private long dueAt = long.MaxValue;
    private long word;

    /// <summary>Makes one that does not run.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="judge">Asked whether an attempt may be ended when its time is over.</param>
    public AttemptTimer(TimeProvider time, Attempts judge)
    {
        this.time = time;
        this.judge = judge;
        // It outlives the request that makes it, and must not keep what belongs to that.
        using (ExecutionContext.SuppressFlow())
            timer = time.CreateTimer(static self => ((AttemptTimer)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Is cancelled when the attempt's time is over.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Whether it has ended the attempt. Then it can be used no more.</summary>
    public bool HasCut => Volatile.Read(ref word) % Phases == Cut;

    /// <summary>Starts the time of an attempt of <paramref name="of"/> that begins <paramref name="now"/>, a timestamp.</summary>
    public void Start(Exchange of, TimeSpan within, long now)
    {
        (exchange, timeout) = (of, within);
        Volatile.Write(ref word, (word / Phases + 1) * Phases + Held);
        GoOn(now);
    }

    /// <summary>Stands still: the client is slow to send its body, for which the endpoint cannot be blamed.</summary>
    public void Hold() => TryMove(Running, Held);

    /// <summary>Starts from zero, where it stood still.</summary>
    public void GoOn() => GoOn(time.GetTimestamp());

    /// <summary>Stops it; false where it has already ended the attempt.</summary>
    public bool TryStop()
    {
        if (!TryMove(Running, Idle)) TryMove(Held, Idle);
        return !HasCut;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer.Dispose();
        source.Dispose();
    }

    private void GoOn(long now)
    {
        Volatile.Write(ref armed, now);
        if (TryMove(Held, Running)) Arm(now, timeout);
    }

    private bool TryMove(long from, long to)
    {
        var seen = Volatile.Read(ref word);
        return seen % Phases == from && Interlocked.CompareExchange(ref word, seen - from + to, seen) == seen;
    }

    private void Arm(long now, TimeSpan within)
    {
        var due = now + (long)(within.TotalSeconds * time.TimestampFrequency);
        if (Volatile.Read(ref dueAt) <= due) return;
        Volatile.Write(ref dueAt, due);
        timer.Change(within, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        // Before anything is looked at: whoever starts the time from here on sets the timer.
        Interlocked.Exchange(ref dueAt, long.MaxValue);
        var seen = Volatile.Read(ref word);
        if (seen % Phases != Running) return;
        var of = exchange!;
        // A shot that was under way when the timer was stopped may meet the next attempt, which has its time left.
        var now = time.GetTimestamp();
        var left = timeout - time.GetElapsedTime(Volatile.Read(ref armed), now);
        var tookLeave = false;
        if (left <= TimeSpan.Zero && judge.MayCut(of, out tookLeave, out left))
        {
            if (Interlocked.CompareExchange(ref word, seen - Running + Cut, seen) == seen)
            {
                of.Attempt.HasLeave |= tookLeave;
                source.Cancel();
            }
            else if (tookLeave)
            {
                of.Plan.Budget.Return(); // the head came in this moment
            }
            return;
        }
        // Timers count in whole milliseconds and round down.
        Arm(now, TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(left.TotalMilliseconds))));
    }

    /// <summary>Makes them for the pool, and takes back those that can be used again.</summary>
    internal sealed class Policy(TimeProvider time, Attempts judge) : PooledObjectPolicy<AttemptTimer>
    {
        /// <inheritdoc/>
        public override AttemptTimer Create() => new(time, judge);

        /// <inheritdoc/>
        public override bool Return(AttemptTimer obj) => !obj.HasCut;
    }
}
