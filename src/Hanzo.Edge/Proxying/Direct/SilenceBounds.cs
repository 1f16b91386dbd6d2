namespace Hanzo.Edge.Proxying.Direct;

/// <summary>How long an endpoint may take over a response.</summary>
/// <param name="Silence">How long it may say nothing.</param>
/// <param name="Until">The timestamp at which it must have ended, whatever it says; <see cref="long.MaxValue"/> for none.</param>
internal readonly record struct SilenceBounds(TimeSpan Silence, long Until)
{
    /// <summary>As much of <paramref name="most"/> as is left.</summary>
    public TimeSpan Within(TimeSpan most, TimeProvider time)
    {
        if (Until == long.MaxValue) return most;
        var left = time.GetElapsedTime(time.GetTimestamp(), Until);
        return left >= most ? most : left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
