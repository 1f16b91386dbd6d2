using Hanzo.Edge.Health.Passive;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Health.State;

/// <summary>
/// Measures every failover against what the configuration promises: from the first failure seen to the snapshot without the
/// endpoint, and to the last request sent there. Touched only under the board's gate.
/// </summary>
internal sealed class FailoverClock(TimeProvider time, HealthMetrics metrics, ILogger log)
{
    /// <summary>How long after an endpoint was taken out the last request sent there is looked for; those still under way then end with their own timeouts.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private readonly List<(ProbeTarget Target, long Since)> settling = [];

    /// <summary>An endpoint was up and the snapshot just published says that it is not.</summary>
    public void Left(ProbeTarget target, FailoverLimits limits)
    {
        var now = time.GetTimestamp();
        if (target.Spell.First == 0) return; // it refused, or serves nothing any more: there was no failure before
        target.Spell.Out();
        Tell(target, "published", time.GetElapsedTime(target.Spell.First, now), limits.Publication);
        settling.Add((target, now));
    }

    /// <summary>An endpoint is up again.</summary>
    public void Returned(ProbeTarget target)
    {
        settling.RemoveAll(one => one.Target == target);
        target.Spell.End();
    }

    /// <summary>Tells the failovers that have settled. Called at every probe outcome, which is often enough.</summary>
    public void Settle(FailoverLimits limits)
    {
        var now = time.GetTimestamp();
        for (var i = settling.Count - 1; i >= 0; i--)
        {
            var (target, since) = settling[i];
            if (time.GetElapsedTime(since, now) < Settling) continue;
            settling.RemoveAt(i);
            if (target.Spell.LastSent == 0) continue; // nobody asked for it: only probes saw it fail
            var last = Math.Max(target.Spell.First, target.Spell.LastSent);
            Tell(target, "last-request", time.GetElapsedTime(target.Spell.First, last), limits.LastRequest);
        }
    }

    private void Tell(ProbeTarget target, string until, TimeSpan took, TimeSpan? bound)
    {
        var within = took <= (bound ?? TimeSpan.MaxValue);
        metrics.FailedOver(target.Region, until, took, within);
        if (within) HealthLog.FailedOver(log, target.Endpoint.Name, target.Region, until, took.TotalMilliseconds);
        else HealthLog.FailedOverLate(log, target.Endpoint.Name, target.Region, until, took.TotalMilliseconds, bound!.Value.TotalMilliseconds);
    }
}
