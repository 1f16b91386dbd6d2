namespace Hanzo.Edge.Health.Passive;

/// <summary>
/// Whether an endpoint is degraded, from window to window. Its past is the smoothed p99 of the windows in which it was not:
/// a slow drift becomes the new normal, a jump does not. Both its past and its peers must be exceeded, so that neither a
/// slow dependency that all share nor an endpoint that was always the slowest is marked.
/// </summary>
/// <param name="Past">Its smoothed p99, or null before the first window that could be judged.</param>
/// <param name="IsDegraded">The verdict.</param>
/// <param name="Idle">Windows in a row that held too little to judge.</param>
internal readonly record struct LatencyJudgement(TimeSpan? Past, bool IsDegraded, int Idle)
{
    /// <summary>Windows without enough answers after which a verdict is forgotten: nothing speaks for it any more.</summary>
    private const int ForgetAfter = 6;

    /// <summary>The judgement after one more window.</summary>
    /// <param name="count">Answers in the window.</param>
    /// <param name="p99">Their p99.</param>
    /// <param name="peers">The median p99 of the region's other endpoints in the same window, or null where none could be judged.</param>
    /// <param name="options">The rules.</param>
    public LatencyJudgement After(int count, TimeSpan p99, TimeSpan? peers, LatencyOptions options)
    {
        if (options.Factor <= 0) return default;
        if (count < options.MinimumRequests) return this with { Idle = Idle + 1, IsDegraded = IsDegraded && Idle + 1 < ForgetAfter };
        if (Past is not { } past) return new LatencyJudgement(p99, false, 0);

        // Half way back it is well again: one threshold for both ways would let it flap.
        var factor = IsDegraded ? 1 + (options.Factor - 1) / 2 : options.Factor;
        var isSlow = p99 > past * factor && p99 - past > options.AtLeast && (peers is not { } others || p99 > others * factor);
        return new LatencyJudgement(isSlow ? past : past + (p99 - past) / 5, isSlow, 0);
    }
}
