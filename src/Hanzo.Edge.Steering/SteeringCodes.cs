namespace Hanzo.Edge.Steering;

/// <summary>The words by which explanations, receipts, metrics and logs name what steering says. Stable: dashboards and scripts read them.</summary>
public static class SteeringCodes
{
    /// <summary>The code of a reason, for example <c>tie-band</c>.</summary>
    public static string Code(this CandidateReason reason) => reason switch
    {
        CandidateReason.Nearest => "nearest",
        CandidateReason.Preferred => "preferred",
        CandidateReason.TieBand => "tie-band",
        CandidateReason.Sticky => "sticky",
        CandidateReason.Leader => "leader",
        CandidateReason.Overflow => "overflow",
        CandidateReason.Farther => "farther",
        CandidateReason.NoEstimate => "no-estimate",
        CandidateReason.FailOpen => "fail-open",
        CandidateReason.NotAllowed => "not-allowed",
        CandidateReason.NotRouted => "not-routed",
        CandidateReason.Drained => "drained",
        CandidateReason.ForcedDown => "forced-down",
        CandidateReason.StateClass => "state-class",
        CandidateReason.Unhealthy => "unhealthy",
        CandidateReason.Full => "full",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>The code of what observation says, for example <c>down</c>.</summary>
    public static string Code(this HealthState state) => state switch
    {
        HealthState.Unknown => "unknown",
        HealthState.Up => "up",
        HealthState.Down => "down",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>The code of what an operator has forced, for example <c>force-up</c>: the word of the command that does it.</summary>
    public static string Code(this RegionOverride kind) => kind switch
    {
        RegionOverride.None => "none",
        RegionOverride.Drained => "drain",
        RegionOverride.ForcedUp => "force-up",
        RegionOverride.ForcedDown => "force-down",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The code of a latency source, for example <c>country</c>.</summary>
    public static string Code(this LatencySource source) => source switch
    {
        LatencySource.None => "none",
        LatencySource.Distance => "distance",
        LatencySource.Continent => "continent",
        LatencySource.Country => "country",
        LatencySource.Measured => "measured",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };

    /// <summary>The code of a state class as configuration writes it, for example <c>local-write</c>.</summary>
    public static string Code(this StateClass state) => state switch
    {
        StateClass.Read => "read",
        StateClass.LocalWrite => "local-write",
        StateClass.Consensus => "consensus",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>The code of a place's source, for example <c>network</c>.</summary>
    public static string Code(this PlaceSource source) => source switch
    {
        PlaceSource.Default => "default",
        PlaceSource.Table => "table",
        PlaceSource.Network => "network",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };
}
