using System.Collections.Immutable;

namespace Hanzo.Edge.Configuration;

/// <summary>How a route's requests are tried at one endpoint after the other.</summary>
internal sealed record AttemptOptions
{
    /// <summary>Endpoints tried for one request at most, the first included. 1 to 8; default 3.</summary>
    public int Most { get; init; } = 3;

    /// <summary>
    /// Time to the head of the response after which a request that may be repeated goes to the next candidate; zero for no
    /// such bound. It never holds for the last candidate, which has all the time that is left. 0 to 1 h; default 400 ms.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// Whether a request without a body that may be repeated is sent to a second endpoint as well once the first has taken
    /// longer than its own p95, within the retry budget; the first answer wins. Default no.
    /// </summary>
    public bool Hedges { get; init; }

    /// <summary>Statuses that count as a failed attempt. Default 502, 503 and 504.</summary>
    public ImmutableArray<int> Statuses { get; init; } = [502, 503, 504];

    /// <summary>Whether the route's service executes requests of one Idempotency-Key once, so that they may be repeated. Default no.</summary>
    public bool Deduplicates { get; init; }

    /// <summary>Largest body kept for repetition, in bytes. 0 to 16 MiB; default 64 KiB.</summary>
    public int MaxReplayBody { get; init; } = 64 * 1024;

    /// <summary>Longest pause before the third attempt; it doubles with each further one. 0 to 10 s; default 25 ms. The second attempt, which goes elsewhere, never waits.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(25);
}

/// <summary>How many repetitions of requests that may have been executed are let through at once.</summary>
internal sealed record RetryBudgetOptions
{
    /// <summary>Share of a route's requests under way that may be repetitions. 0 to 1; default 0.2.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>Repetitions per second that are let through in any case, for routes with few requests. 0 to 10,000; default 3.</summary>
    public int PerSecond { get; init; } = 3;
}
