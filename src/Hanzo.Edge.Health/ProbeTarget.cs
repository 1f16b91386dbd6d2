using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.State;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health;

/// <summary>What the board keeps for one endpoint while the topology names it. Touched only under the board's gate, except where said.</summary>
/// <param name="region">Name of its region.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="now">The clock's timestamp: its age counts from here until it is probed.</param>
/// <param name="window">Counts the outcomes of its requests.</param>
internal sealed class ProbeTarget(string region, RegionEndpoint endpoint, long now, OutcomeWindow window)
{
    private OutcomeWindow window = window;
    private bool isEjected;
    private long p95Ticks;

    public string Region { get; } = region;

    public RegionEndpoint Endpoint { get; set; } = endpoint;

    public (string Region, string Endpoint, Uri Address) Key => (Region, Endpoint.Name, Endpoint.Address);

    public ProbeOptions? Options { get; set; }

    public ProbeLoop? Loop { get; set; }

    public EndpointState State { get; private set; } = EndpointState.Unprobed;

    /// <summary>Whether failed requests keep it out, whatever probes say. Changes only by <see cref="HealthBoard"/>; requests may read it at any time.</summary>
    public bool IsEjected
    {
        get => Volatile.Read(ref isEjected);
        set => Volatile.Write(ref isEjected, value);
    }

    public Ejection Ejection { get; set; }

    /// <summary>The outcomes of its requests. Replaced under the gate, written by requests at any time.</summary>
    public OutcomeWindow Window
    {
        get => Volatile.Read(ref window);
        set => Volatile.Write(ref window, value);
    }

    /// <summary>Its failures since the first one that no answer has followed. Written by requests at any time.</summary>
    public FailureSpell Spell { get; } = new();

    /// <summary>The latencies of its answers. Written by requests at any time.</summary>
    public LatencyWindow Latency { get; } = new();

    /// <summary>The latency that 95 of 100 answers stayed under in the last window that held enough of them, or null. Read by requests at any time.</summary>
    public TimeSpan? P95
    {
        get => Volatile.Read(ref p95Ticks) is > 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;
        set => Volatile.Write(ref p95Ticks, value?.Ticks ?? 0);
    }

    /// <summary>What its latencies say.</summary>
    public LatencyJudgement Judgement { get; set; }

    /// <summary>Its way back to a full share after a failure.</summary>
    public SlowStart SlowStart { get; set; } = SlowStart.Over;

    /// <summary>The part of its weight that counts while it is degraded.</summary>
    public double DegradedShare { get; set; } = 1;

    /// <summary>What steering is told.</summary>
    public EndpointHealth Health => IsEjected
        ? new(HealthState.Down, StateClasses.None)
        : State.Health with { Share = SlowStart.Share * (Judgement.IsDegraded ? DegradedShare : 1), IsDegraded = Judgement.IsDegraded };

    /// <summary>The smoothed round-trip time to it.</summary>
    public RoundTrip RoundTrip { get; private set; }

    public bool IsProbed { get; private set; }

    /// <summary>Timestamp of the last finished probe.</summary>
    public long LastProbed { get; private set; } = now;

    public static (string Region, string Endpoint, Uri Address) KeyOf(Region region, RegionEndpoint endpoint) => (region.Name, endpoint.Name, endpoint.Address);

    /// <summary>How long it takes at least until it is fit where it was not, or the other way round; null while nothing is under way.</summary>
    /// <param name="now">The time on the board's clock.</param>
    public TimeSpan? ChangesIn(TimeSpan now)
    {
        if (IsEjected) return Ejection.Until - now;
        return Options is { } options && State.ProbesToChange(options) is { } probes ? options.Pace(inTransition: true) * (1 - options.Jitter) * probes : null;
    }

    /// <summary>Takes one outcome in.</summary>
    public void Take(ProbeOutcome outcome, long now)
    {
        State = State.After(outcome, Options!);
        if (State is { State: HealthState.Up, Failures: 0 }) Spell.ProbeGood();
        else if (!outcome.IsGood && outcome.Result != ProbeResult.Error) Spell.ProbeFailed(now);
        RoundTrip = RoundTrip.After(outcome.RoundTrip);
        IsProbed = true;
        LastProbed = now;
    }
}
