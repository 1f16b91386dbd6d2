using Hanzo.Edge.Configuration;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>
/// Keeps repetitions a small part of the load, so that failing regions are not failed harder: a share of the requests under
/// way may be repetitions, and some a second are let through in any case. Those come from a bucket that holds ten seconds'
/// worth, because failures come in bursts. Whoever never reached an endpoint adds no load and needs no leave.
/// </summary>
/// <param name="time">The clock of the bucket.</param>
internal sealed class RetryBudget(TimeProvider time)
{
    private const int BucketSeconds = 10;

    private readonly Lock gate = new();
    private double tokens = double.PositiveInfinity; // full, whatever size the first question gives it
    private long filled;
    private int underWay;

    /// <summary>Repetitions under way.</summary>
    public int UnderWay => Volatile.Read(ref underWay);

    /// <summary>Takes leave for one repetition, or not; whoever gets it calls <see cref="Return"/> when the repetition is over.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requests">The route's requests under way.</param>
    public bool TryTake(RetryBudgetOptions options, int requests)
    {
        lock (gate)
        {
            Fill(options.PerSecond);
            if (underWay + 1 > options.Share * requests)
            {
                if (tokens < 1) return false;
                tokens--;
            }
            Interlocked.Increment(ref underWay);
            return true;
        }
    }

    /// <summary>A repetition is over.</summary>
    public void Return() => Interlocked.Decrement(ref underWay);

    private void Fill(int perSecond)
    {
        var now = time.GetTimestamp();
        var earned = time.GetElapsedTime(filled, now).TotalSeconds * perSecond;
        tokens = Math.Min(tokens + earned, (double)perSecond * BucketSeconds);
        filled = now;
    }
}
