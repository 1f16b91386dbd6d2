namespace Hanzo.Commerce.Node.Replication;

/// <summary>
/// Hybrid logical time (Kulkarni and others, 2014): milliseconds since 1970 in the upper 48 bits, a counter in the lower
/// 16. It never goes back, is never behind what was heard of others, and stays near the wall clock as long as theirs do.
/// </summary>
internal sealed class HybridClock(TimeProvider time, TimeSpan bound)
{
    private readonly Lock _lock = new();
    private ulong _last;

    /// <summary>A stamp later than all before it.</summary>
    public ulong Next()
    {
        lock (_lock)
            return _last = Math.Max(_last + 1, Now());
    }

    /// <summary>Takes a stamp of another node into account, or answers by how much its clock is ahead when that is over the bound.</summary>
    public TimeSpan? Observe(ulong stamp)
    {
        var ahead = TimeSpan.FromMilliseconds((double)(stamp >> 16) - (Now() >> 16));
        if (ahead > bound)
            return ahead;
        lock (_lock)
            _last = Math.Max(_last, stamp);
        return null;
    }

    /// <summary>The wall clock part of a stamp.</summary>
    public static DateTimeOffset TimeOf(ulong stamp) => DateTimeOffset.FromUnixTimeMilliseconds((long)(stamp >> 16));

    private ulong Now() => (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 16;
}
