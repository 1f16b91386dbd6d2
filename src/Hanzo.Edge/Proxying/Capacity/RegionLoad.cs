using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Proxying.Capacity;

/// <summary>
/// What this edge has sent to one region: requests under way, and leave to start more, which comes back with time and is
/// kept for a second at most. Only regions with a capacity have one.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class RegionLoad(TimeProvider time)
{
    private readonly Lock gate = new();
    private double starts = double.PositiveInfinity; // full, whatever capacity the first request meets
    private long filled;
    private int underWay;

    /// <summary>Requests under way.</summary>
    public int UnderWay => Volatile.Read(ref underWay);

    /// <summary>Takes a place for one request, unless the region is full; whoever has one calls <see cref="Leave"/> at the end.</summary>
    public bool TryEnter(RegionCapacity capacity)
    {
        lock (gate)
        {
            Fill(capacity);
            if (underWay >= capacity.InFlight || starts < 1) return false;
            Count();
            return true;
        }
    }

    /// <summary>Takes a place though the region may be full: there is no other.</summary>
    public void Enter()
    {
        lock (gate) Count();
    }

    /// <summary>A request is over.</summary>
    public void Leave() => Interlocked.Decrement(ref underWay);

    private void Count()
    {
        starts = Math.Max(0, starts - 1);
        Interlocked.Increment(ref underWay);
    }

    private void Fill(RegionCapacity capacity)
    {
        var now = time.GetTimestamp();
        starts = capacity.PerSecond is { } rate ? Math.Min(starts + (time.GetElapsedTime(filled, now).TotalSeconds * rate), rate) : double.PositiveInfinity;
        filled = now;
    }
}
