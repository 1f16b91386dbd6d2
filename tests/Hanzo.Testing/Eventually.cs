namespace Hanzo.Testing;

/// <summary>Waits for what a real process does in its own time. Only for tests of real processes: everything else advances a fake clock.</summary>
public static class Eventually
{
    /// <summary>How long is waited where a test measures nothing: long enough for a busy machine, since only a failure takes it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until <paramref name="condition"/> holds, at most <paramref name="within"/> (default <see cref="Patience"/>).</summary>
    /// <exception cref="TimeoutException">It never held; says <paramref name="what"/>.</exception>
    public static Task Holds(string what, Func<Task<bool>> condition, TimeSpan? within = null) => Holds(() => what, condition, within);

    /// <summary>Waits until <paramref name="condition"/> holds, at most <paramref name="within"/> (default <see cref="Patience"/>).</summary>
    /// <exception cref="TimeoutException">It never held; says <paramref name="what"/>.</exception>
    public static Task Holds(string what, Func<bool> condition, TimeSpan? within = null) => Holds(() => what, condition, within);

    /// <summary>Waits until <paramref name="condition"/> holds, at most <paramref name="within"/> (default <see cref="Patience"/>).</summary>
    /// <exception cref="TimeoutException">It never held; says what <paramref name="what"/> answers then.</exception>
    public static Task Holds(Func<string> what, Func<bool> condition, TimeSpan? within = null) => Holds(what, () => Task.FromResult(condition()), within);

    private static async Task Holds(Func<string> what, Func<Task<bool>> condition, TimeSpan? within)
    {
        var clock = TimeProvider.System;
        var bound = within ?? Patience;
        var start = clock.GetTimestamp();
        while (!await condition())
        {
            if (clock.GetElapsedTime(start) > bound) throw new TimeoutException($"Not within {bound.TotalSeconds:0.#} s: {what()}.");
            await Task.Delay(Pause, clock);
        }
    }
}
