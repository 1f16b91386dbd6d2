using System.Collections.Concurrent;

namespace Hanzo.Commerce.Node.Auth;

/// <summary>
/// How many requests a merchant may make of this node: a bucket that fills evenly and holds one window's worth, so that a
/// burst passes and a flood does not. Each node counts for itself: to ask the others would cost more than it protects.
/// </summary>
/// <param name="quota">Requests a window, 1 or more.</param>
internal sealed class RateLimits(int quota, TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    public int Quota => quota;

    /// <summary>Takes one request's worth, if there is one.</summary>
    public RateLimit Take(string merchant)
    {
        var bucket = _buckets.GetOrAdd(merchant, _ => new Bucket { Tokens = quota, At = time.GetTimestamp() });
        lock (bucket)
        {
            var now = time.GetTimestamp();
            bucket.Tokens = Math.Min(quota, bucket.Tokens + time.GetElapsedTime(bucket.At, now) / Window * quota);
            bucket.At = now;
            var isWithin = bucket.Tokens >= 1;
            if (isWithin)
                bucket.Tokens--;
            return new RateLimit(isWithin, (int)bucket.Tokens);
        }
    }

    private sealed class Bucket
    {
        public required double Tokens { get; set; }

        public required long At { get; set; }
    }
}

/// <param name="Remaining">Requests that may still be made at once.</param>
internal readonly record struct RateLimit(bool IsWithin, int Remaining);
