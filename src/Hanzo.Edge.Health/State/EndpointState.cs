using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.State;

/// <summary>
/// What probes have made known of one endpoint. Three numbers damp it: <see cref="ProbeOptions.Fall"/> failures take it
/// down, <see cref="ProbeOptions.Rise"/> good probes in a row bring it back, <see cref="ProbeOptions.Forgive"/> good
/// ones in a row wipe the failures counted so far. The first observation decides at once, because until then nothing
/// is sent there anyway; so does an explicit refusal, because an endpoint that says no knows better than a count.
/// </summary>
/// <param name="State">The verdict.</param>
/// <param name="Serves">The state classes the last good probe vouched for.</param>
/// <param name="Failures">Failures while up that are not yet forgiven.</param>
/// <param name="Clean">Good probes in a row towards being forgiven or rising; 0 where neither is under way.</param>
internal readonly record struct EndpointState(HealthState State, StateClasses Serves, int Failures, int Clean)
{
    public static EndpointState Unprobed { get; } = new(HealthState.Unknown, StateClasses.None, 0, 0);

    private static EndpointState Fallen { get; } = new(HealthState.Down, StateClasses.None, 0, 0);

    public EndpointHealth Health => new(State, Serves);

    /// <summary>Whether the next observations may change the verdict soon, so that it pays to look more often.</summary>
    public bool InTransition => Failures > 0 || Clean > 0;

    /// <summary>How many more observations of the kind seen last change the verdict; null while none is under way.</summary>
    public int? ProbesToChange(ProbeOptions options) => State switch
    {
        HealthState.Up when Failures > 0 => Math.Max(1, options.Fall - Failures),
        HealthState.Down when Clean > 0 => Math.Max(1, options.Rise - Clean),
        _ => null,
    };

    /// <summary>The state after one more observation.</summary>
    public EndpointState After(ProbeOutcome outcome, ProbeOptions options) => outcome.Result switch
    {
        ProbeResult.Error => this,
        ProbeResult.Good => AfterGood(outcome.Serves, options),
        ProbeResult.Refused => Fallen,
        _ => AfterFailure(options),
    };

    private EndpointState AfterGood(StateClasses serves, ProbeOptions options)
    {
        var risen = new EndpointState(HealthState.Up, serves, 0, 0);
        return State switch
        {
            HealthState.Unknown => risen,
            HealthState.Down => Clean + 1 >= options.Rise ? risen : this with { Clean = Clean + 1 },
            _ when Failures == 0 || Clean + 1 >= options.Forgive => risen,
            _ => this with { Serves = serves, Clean = Clean + 1 },
        };
    }

    private EndpointState AfterFailure(ProbeOptions options) =>
        State == HealthState.Up && Failures + 1 < options.Fall ? this with { Failures = Failures + 1, Clean = 0 } : Fallen;
}
