using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>
/// Response rate limiting: whoever forges a victim's address gets little sent to the victim. Each network and kind of answer has
/// a bucket of one second's answers; the buckets are a fixed table that the keys are hashed into, so a flood of addresses costs
/// no memory. One table serves all threads; buckets are changed by compare-and-swap.
/// Limits: networks that meet in one bucket share it; with 65,536 buckets and a secret seed that is rare and nobody can aim at it.
/// </summary>
internal sealed class ResponseRateLimiter(ulong seed)
{
    private const int Buckets = 1 << 16;
    private const int TokenBits = 24;
    private const long Milli = 1000; // tokens are counted in thousandths, so that each millisecond adds whole ones

    // Each bucket: the time of its last change in ms (upper bits) and the thousandths of tokens spent (lower 24).
    private readonly long[] buckets = new long[Buckets];
    private int slips;

    /// <summary>Whether one more answer may go to <paramref name="address"/>.</summary>
    /// <param name="address">Who would get it.</param>
    /// <param name="kind">What kind of answer it is; kinds have buckets of their own, so that errors never use up answers.</param>
    /// <param name="options">The limits, at most 10,000 per second.</param>
    /// <param name="now">The time in ms.</param>
    public RateVerdict Judge(ClientKey address, int kind, RateLimitOptions options, long now)
    {
        ref var bucket = ref buckets[Bucket(address, kind, options)];
        var capacity = Math.Min(options.PerSecond, 10_000) * Milli;
        while (true)
        {
            var seen = Volatile.Read(ref bucket);
            var idle = Math.Max(0, now - (seen >> TokenBits));
            var spent = Math.Max(0, (seen & ((1 << TokenBits) - 1)) - Math.Min(idle, Milli) * capacity / Milli);
            if (spent + Milli > capacity) return Limited(options);
            if (Interlocked.CompareExchange(ref bucket, (now << TokenBits) | (spent + Milli), seen) == seen) return RateVerdict.Send;
        }
    }

    private RateVerdict Limited(RateLimitOptions options) =>
        options.Slip > 0 && (uint)Interlocked.Increment(ref slips) % (uint)options.Slip == 0 ? RateVerdict.Slip : RateVerdict.Drop;

    private int Bucket(ClientKey address, int kind, RateLimitOptions options)
    {
        var host = address.IsIPv4 ? 32 - options.PrefixV4 : 128 - options.PrefixV6;
        var network = address.Value >> host;
        var hash = ((ulong)network ^ (ulong)(network >> 64) ^ seed ^ ((ulong)kind << 56)) * 0x9E37_79B9_7F4A_7C15;
        hash = (hash ^ (hash >> 32) ^ seed) * 0xD6E8_FEB8_6659_FD93;
        return (int)(hash >> 48);
    }
}

/// <summary>What becomes of an answer.</summary>
internal enum RateVerdict
{
    /// <summary>It is sent.</summary>
    Send,

    /// <summary>A truncated one is sent in its place.</summary>
    Slip,

    /// <summary>None is sent.</summary>
    Drop,
}
