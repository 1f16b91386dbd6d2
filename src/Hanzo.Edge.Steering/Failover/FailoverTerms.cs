namespace Hanzo.Edge.Steering.Failover;

/// <summary>What the time of a failover is made of.</summary>
public sealed record FailoverTerms
{
    /// <summary>Time from the start of one probe to the start of the next, before jitter.</summary>
    public required TimeSpan ProbeInterval { get; init; }

    /// <summary>Share of the interval by which jitter may lengthen it, 0 to 1.</summary>
    public required double ProbeJitter { get; init; }

    /// <summary>Failed probes in a row that take an endpoint down.</summary>
    public required int ProbeFall { get; init; }

    /// <summary>Time one probe may take.</summary>
    public required TimeSpan ProbeTimeout { get; init; }

    /// <summary>Time until the other vantage points have heard of an observation; zero where there are none.</summary>
    public required TimeSpan VantageExchange { get; init; }

    /// <summary>Time from an observation to the snapshot that decisions read.</summary>
    public required TimeSpan Publication { get; init; }

    /// <summary>Time after which an attempt counts as failed: its connect timeout or, where longer, its own timeout.</summary>
    public required TimeSpan AttemptTimeout { get; init; }

    /// <summary>The longest pause before the next candidate is tried.</summary>
    public required TimeSpan BackOff { get; init; }

    /// <summary>The longest time a resolver may keep a steered answer.</summary>
    public required TimeSpan AnswerTtl { get; init; }
}

/// <summary>A term of <see cref="FailoverTerms"/> that a configuration states and can change.</summary>
public enum FailoverTerm
{
    /// <summary><see cref="FailoverTerms.ProbeInterval"/>.</summary>
    ProbeInterval,

    /// <summary><see cref="FailoverTerms.ProbeFall"/>.</summary>
    ProbeFall,

    /// <summary><see cref="FailoverTerms.ProbeTimeout"/>.</summary>
    ProbeTimeout,

    /// <summary><see cref="FailoverTerms.VantageExchange"/>.</summary>
    VantageExchange,

    /// <summary><see cref="FailoverTerms.AttemptTimeout"/>.</summary>
    AttemptTimeout,

    /// <summary><see cref="FailoverTerms.BackOff"/>.</summary>
    BackOff,

    /// <summary><see cref="FailoverTerms.AnswerTtl"/>.</summary>
    AnswerTtl,
}
