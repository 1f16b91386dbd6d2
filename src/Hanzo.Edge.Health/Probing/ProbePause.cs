namespace Hanzo.Edge.Health.Probing;

/// <summary>The pause between two probes, which can be cut short. One waiter; anyone may hurry it.</summary>
internal sealed class ProbePause : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private TaskCompletionSource? waiting;
    private long earliest;
    private bool isHurried;

    public ProbePause(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(_ => End(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits, or less if someone hurries or has hurried since the last pause, or not at all if asked to stop.</summary>
    /// <param name="wait">How long.</param>
    /// <param name="atLeast">How long at least, hurried or not.</param>
    /// <param name="stop">Ends the pause at once.</param>
    public async Task WaitAsync(TimeSpan wait, TimeSpan atLeast, CancellationToken stop)
    {
        var pause = new TaskCompletionSource();
        lock (gate)
        {
            var due = isHurried && atLeast < wait ? atLeast : wait;
            isHurried = false;
            if (due <= TimeSpan.Zero || stop.IsCancellationRequested) return;
            waiting = pause;
            earliest = time.GetTimestamp() + (long)(Math.Max(0, atLeast.TotalSeconds) * time.TimestampFrequency);
            timer.Change(due, Timeout.InfiniteTimeSpan);
        }

        await using var stopping = stop.Register(End).ConfigureAwait(false);
        await pause.Task.ConfigureAwait(false);
    }

    /// <summary>Ends the pause as early as it may end. Between pauses, the next one is hurried.</summary>
    public void Hurry()
    {
        lock (gate)
        {
            isHurried = waiting is null;
            if (waiting is null) return;
            var left = time.GetElapsedTime(time.GetTimestamp(), earliest);
            timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync() => timer.DisposeAsync();

    private void End()
    {
        TaskCompletionSource? pause;
        lock (gate) (pause, waiting) = (waiting, null);
        pause?.TrySetResult();
    }
}
