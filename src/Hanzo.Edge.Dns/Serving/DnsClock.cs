namespace Hanzo.Edge.Dns.Serving;

/// <summary>The two times an answer needs, read once for a batch.</summary>
internal readonly record struct DnsClock(long Milliseconds, uint UnixSeconds)
{
    /// <summary>The time now.</summary>
    public static DnsClock Read(TimeProvider time) => new(
        (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency)),
        (uint)time.GetUtcNow().ToUnixTimeSeconds());
}
