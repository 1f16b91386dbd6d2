namespace Hanzo.Testing;

/// <summary>Waits for what a real process does in its own time. Only for tests of real processes: everything else advances a fake clock.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until <paramref name="condition"/> holds, at most <paramref name="within"/> (default 10 s).</summary>
    /// <exception cref="TimeoutException">It never held; says <paramref name="what"/>.</exception>
    public static async Task Holds(string what, Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var clock = TimeProvider.System;
        var bound = within ?? TimeSpan.FromSeconds(10);
        var start = clock.GetTimestamp();
        while (!await condition())
        {
            if (clock.GetElapsedTime(start) > bound) throw new TimeoutException($"Not within {bound.TotalSeconds:0.#} s: {what}.");
            await Task.Delay(Pause, clock);
        }
    }

    /// <summary>Waits until <paramref name="condition"/> holds, at most <paramref name="within"/> (default 10 s).</summary>
    /// <exception cref="TimeoutException">It never held; says <paramref name="what"/>.</exception>
    public static Task Holds(string what, Func<bool> condition, TimeSpan? within = null) =>
        Holds(what, () => Task.FromResult(condition()), within);
}
