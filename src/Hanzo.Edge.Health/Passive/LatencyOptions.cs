namespace Hanzo.Edge.Health.Passive;

/// <summary>When an endpoint that answers is degraded all the same: much slower than it was and than its peers in the region are.</summary>
public sealed record LatencyOptions
{
    /// <summary>How many times its own past p99 and its peers' median p99 it must exceed. 1.5 to 100, or 0 for never; default 3.</summary>
    public double Factor { get; init; } = 3;

    /// <summary>How much slower than its past it must be at least: a factor of little is little. 0 to 1 min; default 50 ms.</summary>
    public TimeSpan AtLeast { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long latencies are gathered before they are judged. 1 s to 1 h; default 10 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Answers that a window must hold to be judged. 10 to 1,000,000; default 50.</summary>
    public int MinimumRequests { get; init; } = 50;

    /// <summary>The part of its weight that a degraded endpoint keeps. Above 0, to 1; default 0.25: enough to see it recover.</summary>
    public double Share { get; init; } = 0.25;
}
