using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.State;

/// <summary>What is remembered of a region between snapshots, so that one that fell is taken back only after a delay.</summary>
internal sealed class RegionTrack
{
    private bool wasDown;
    private TimeSpan upSince;

    /// <summary>When a region that came back is taken back, on the board's clock; null where it is not held.</summary>
    public TimeSpan? HeldUntil { get; private set; }

    /// <summary>Takes what endpoints say now. A region that is up for the first time is not held: nobody saw it fail.</summary>
    public void Take(HealthState observed, TimeSpan now, TimeSpan failback)
    {
        if (observed != HealthState.Up)
        {
            wasDown |= observed == HealthState.Down;
            HeldUntil = null;
            return;
        }

        if (!wasDown) return;
        if (HeldUntil is null) upSince = now;
        HeldUntil = upSince + failback;
        if (now < HeldUntil) return;
        wasDown = false;
        HeldUntil = null;
    }

    /// <summary>Takes the region back before its time: no other one is up.</summary>
    public void Release()
    {
        wasDown = false;
        HeldUntil = null;
    }
}
