using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Drills.Tests;

/// <summary>A clock that tells when somebody waits for it.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private readonly SemaphoreSlim _waits = new(0);

    public Task IsWaitedFor() => _waits.WaitAsync();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Release();
        return timer;
    }
}
