using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>What all listeners of a server share.</summary>
internal sealed class DnsServing(DnsSnapshot initial, DnsMetrics metrics, ResponseRateLimiter limiter, TimeProvider time, ILogger log)
{
    private DnsSnapshot snapshot = initial;

    /// <summary>What is answered from. Read once a batch; a reload replaces it whole.</summary>
    public DnsSnapshot Snapshot
    {
        get => Volatile.Read(ref snapshot);
        set => Volatile.Write(ref snapshot, value);
    }

    public DnsMetrics Metrics { get; } = metrics;

    public ResponseRateLimiter Limiter { get; } = limiter;

    public TimeProvider Time { get; } = time;

    public ILogger Log { get; } = log;
}
