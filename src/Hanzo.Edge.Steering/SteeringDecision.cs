namespace Hanzo.Edge.Steering;

/// <summary>The regions in the order they are to be tried, then those that lost, each with its reason.</summary>
public readonly ref struct SteeringDecision
{
    /// <summary>Wraps what <see cref="SteeringWorld.Decide"/> wrote.</summary>
    public SteeringDecision(ReadOnlySpan<Candidate> all, int eligible, bool failedOpen)
    {
        All = all;
        Eligible = all[..eligible];
        FailedOpen = failedOpen;
    }

    /// <summary>Every region once: <see cref="Eligible"/> first, then the ones left out in ranking order.</summary>
    public ReadOnlySpan<Candidate> All { get; }

    /// <summary>The regions to try, first choice first; empty where nothing may serve the request.</summary>
    public ReadOnlySpan<Candidate> Eligible { get; }

    /// <summary>Whether no region was fit and <see cref="WhenNoneHealthy.Nearest"/> let unfit ones in.</summary>
    public bool FailedOpen { get; }
}

/// <summary>One region's standing in a decision.</summary>
/// <param name="Region">Its index in the topology.</param>
/// <param name="Reason">Why it stands where it stands.</param>
/// <param name="Source">Where <paramref name="EstimateMs"/> comes from.</param>
/// <param name="EstimateMs">Estimated round-trip time from the client in ms; NaN where nothing is known.</param>
/// <param name="DistanceKm">Great-circle distance from the client's place in km; NaN where the place is not known.</param>
public readonly record struct Candidate(byte Region, CandidateReason Reason, LatencySource Source, float EstimateMs, float DistanceKm);

/// <summary>Why a region stands where it stands. The first group is eligible, the second left out.</summary>
public enum CandidateReason : byte
{
    /// <summary>The nearest region that fits, those preferred aside.</summary>
    Nearest,

    /// <summary>Named by a preference list.</summary>
    Preferred,

    /// <summary>Ordered by weight among the regions within the tie band of the nearest one.</summary>
    TieBand,

    /// <summary>The client's session is there.</summary>
    Sticky,

    /// <summary>Leads the state that the route writes, so that nothing has to be passed on from there.</summary>
    Leader,

    /// <summary>Fits in part only, and this client is of those that it cannot carry any more.</summary>
    Overflow,

    /// <summary>Fits, but another is nearer.</summary>
    Farther,

    /// <summary>Fits, but nothing is known of its distance or latency: by name, after those that something is known of.</summary>
    NoEstimate,

    /// <summary>Not fit or full, but nothing else is left: tried because the route fails open.</summary>
    FailOpen,

    /// <summary>Residency does not allow it for this client.</summary>
    NotAllowed,

    /// <summary>The route does not use it.</summary>
    NotRouted,

    /// <summary>Drained by configuration or operator.</summary>
    Drained,

    /// <summary>Forced down by an operator.</summary>
    ForcedDown,

    /// <summary>Cannot serve the route's state class at the moment.</summary>
    StateClass,

    /// <summary>Not healthy, or serving nothing at all.</summary>
    Unhealthy,

    /// <summary>At its capacity.</summary>
    Full,
}
