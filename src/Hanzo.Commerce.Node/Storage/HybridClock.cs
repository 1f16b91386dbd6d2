using Hanzo.Commerce.Crdt.Clocks;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>The node's one hybrid logical clock, for everyone who asks at once.</summary>
/// <param name="bound">How far another node's clock may be ahead.</param>
internal sealed class HybridClock(TimeProvider time, TimeSpan bound)
{
    private readonly Lock _lock = new();
    private HybridLogicalClock _clock = new(default, bound);

    /// <summary>A time later than all before it.</summary>
    public HybridTime Next()
    {
        lock (_lock)
        {
            (_clock, var next) = _clock.Tick(time.GetUtcNow());
            return next;
        }
    }

    /// <summary>Takes a time of another node into account, or answers by how much its clock is ahead when that is over the bound.</summary>
    public TimeSpan? Observe(HybridTime theirs)
    {
        lock (_lock)
        {
            (_clock, var refused) = _clock.Hear(theirs, time.GetUtcNow());
            return refused;
        }
    }
}
