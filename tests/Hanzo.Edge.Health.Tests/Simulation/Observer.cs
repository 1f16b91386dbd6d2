using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.State;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Simulation;

/// <summary>
/// Watches one region through its outages with the real probe state, outcome window and ejection, and tells when what is
/// observed of it changes. While the region is well and observed so nothing can change, so those days are skipped.
/// Limits: one endpoint a region; the first failed request does not hurry the probe, so what it says is on the slow side.
/// </summary>
internal sealed class Observer(HealthOptions options, double requestsPerSecond, TimeSpan attemptTimeout, Random random)
{
    private static readonly TimeSpan Immediately = TimeSpan.FromMilliseconds(2);

    private readonly VirtualTime clock = new();
    private Ejection ejection;

    /// <summary>The moments at which the region leaves and comes back, in turn.</summary>
    /// <param name="outages">Its outages.</param>
    /// <param name="isPassive">Whether failed requests count too.</param>
    public List<(TimeSpan At, bool IsUp)> Watch(List<Outage> outages, bool isPassive)
    {
        List<(TimeSpan At, bool IsUp)> changes = [];
        for (var i = 0; i < outages.Count;)
        {
            var fallen = Fall(outages[i], isPassive);
            if (fallen is not { } left)
            {
                i++; // over before anything saw it
                continue;
            }

            var back = Rise(outages, left, ref i);
            changes.Add((left.At, false));
            changes.Add((back, true));
        }

        return changes;
    }

    /// <summary>When the region is taken out, with the state of its probes then; null where the outage passes unseen.</summary>
    private (TimeSpan At, EndpointState State)? Fall(Outage outage, bool isPassive)
    {
        var ejected = isPassive ? FirstEjection(outage) : null;
        var state = EndpointState.Unprobed.After(ProbeOutcome.Good(StateClasses.All), options.Probe);
        // The outage begins somewhere between two probes.
        for (var at = outage.From + options.Probe.Interval * random.NextDouble(); at < outage.To;)
        {
            var took = Took(outage.Fault, options.Probe.Timeout);
            if (ejected <= at + took) return (ejected.Value, state);
            state = state.After(ProbeOutcome.Failed(ProbeResult.Connect, ""), options.Probe);
            if (state.State == HealthState.Down) return (at + took, state);
            var next = at + Pace(state);
            at = next > at + took ? next : at + took;
        }

        return ejected is { } late ? (late, state) : null;
    }

    /// <summary>When failed requests take it out.</summary>
    private TimeSpan? FirstEjection(Outage outage)
    {
        var window = new OutcomeWindow(options.Passive, clock);
        for (var sent = outage.From + Gap(); sent < outage.To; sent += Gap())
        {
            clock.Now = sent + Took(outage.Fault, attemptTimeout);
            if (!window.Record(isFailure: true)) continue;
            ejection = ejection.Again(clock.Now, options.Passive);
            return clock.Now;
        }

        return null;

        TimeSpan Gap() => TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / requestsPerSecond);
    }

    /// <summary>When it is taken back: no ejection holds and its probes have brought it up again. Skips the outages that fall into that time.</summary>
    private TimeSpan Rise(List<Outage> outages, (TimeSpan At, EndpointState State) left, ref int i)
    {
        var state = left.State;
        for (var at = left.At + Pace(state); ; at += Pace(state))
        {
            while (i < outages.Count && outages[i].To <= at) i++;
            var isDown = i < outages.Count && outages[i].From <= at;
            state = state.After(isDown ? ProbeOutcome.Failed(ProbeResult.Connect, "") : ProbeOutcome.Good(StateClasses.All), options.Probe);
            if (!isDown && state is { State: HealthState.Up, Failures: 0 }) return ejection.IsActive(at) ? ejection.Until : at;
        }
    }

    private TimeSpan Pace(EndpointState state) => options.Probe.Pace(state.InTransition) * (1 + options.Probe.Jitter * (2 * random.NextDouble() - 1));

    private static TimeSpan Took(Fault fault, TimeSpan timeout) => fault == Fault.Freezes ? timeout : Immediately;

    private sealed class VirtualTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
