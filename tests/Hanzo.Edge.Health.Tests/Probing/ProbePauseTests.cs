using Hanzo.Edge.Health.Probing;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Health.Tests.Probing;

public sealed class ProbePauseTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task A_pause_lasts_as_long_as_it_was_meant_to()
    {
        await using var pause = new ProbePause(clock);
        var waiting = pause.WaitAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), CancellationToken.None);

        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await waiting;
    }

    [Fact]
    public async Task A_hurried_pause_still_lasts_as_long_as_it_must()
    {
        await using var pause = new ProbePause(clock);
        var waiting = pause.WaitAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), CancellationToken.None);

        pause.Hurry();
        clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await waiting;
    }

    [Fact]
    public async Task One_that_lasted_long_enough_ends_when_it_is_hurried()
    {
        await using var pause = new ProbePause(clock);
        var waiting = pause.WaitAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(5));

        pause.Hurry();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
    }

    [Fact]
    public async Task Hurry_between_pauses_shortens_the_next_one_only()
    {
        await using var pause = new ProbePause(clock);
        pause.Hurry();
        var next = pause.WaitAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(1));
        await next;

        var second = pause.WaitAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(second.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        await second;
    }

    [Fact]
    public async Task A_stop_ends_it_at_once()
    {
        await using var pause = new ProbePause(clock);
        using var stop = new CancellationTokenSource();
        var waiting = pause.WaitAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), stop.Token);

        await stop.CancelAsync();
        await waiting;
        await pause.WaitAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), stop.Token);
    }
}
