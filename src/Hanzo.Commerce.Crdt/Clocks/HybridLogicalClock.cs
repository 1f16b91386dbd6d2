namespace Hanzo.Commerce.Crdt.Clocks;

/// <summary>
/// Hybrid logical clock (Kulkarni, Demirbas and others, 2014): follows the wall clock, never goes back, and is later than
/// everything it was told of, so what was written after seeing something has the later time although clocks differ. A time too
/// far ahead is refused, else one wrong clock would pull all others with it. A value: every step answers the clock after it.
/// </summary>
/// <param name="Last">The latest time given out or heard of.</param>
/// <param name="MaxSkew">How far a time heard of may be ahead of the wall clock here.</param>
public sealed record HybridLogicalClock(HybridTime Last, TimeSpan MaxSkew)
{
    /// <summary>A time for something that happens now, later than all before.</summary>
    /// <param name="now">The wall clock, which may have gone back.</param>
    public (HybridLogicalClock Clock, HybridTime Time) Tick(DateTimeOffset now)
    {
        var wall = HybridTime.At(now);
        var time = wall.CompareTo(Last) > 0 ? wall : new HybridTime(Last.Value + 1);
        return (this with { Last = time }, time);
    }

    /// <summary>Takes notice of a time that another clock gave out.</summary>
    public Heard Hear(HybridTime theirs, DateTimeOffset now)
    {
        var skew = TimeSpan.FromMilliseconds((double)(theirs.Value >> HybridTime.CounterBits) - now.ToUnixTimeMilliseconds());
        if (skew > MaxSkew)
            return new(this, skew);
        return new(theirs.CompareTo(Last) > 0 ? this with { Last = theirs } : this, null);
    }
}

/// <summary>What became of a time heard of.</summary>
/// <param name="Clock">The clock after it; unchanged when it was refused.</param>
/// <param name="RefusedSkew">How far it was ahead, when that was too much; else null.</param>
public readonly record struct Heard(HybridLogicalClock Clock, TimeSpan? RefusedSkew);
