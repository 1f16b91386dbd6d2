using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Health.Overriding;

/// <summary>
/// Holds the overrides: decides orders one at a time, keeps what holds before it takes effect, and ends each when its time
/// is over. An override that could not be kept is refused: one that a restart forgets is worse than none.
/// </summary>
internal sealed class OverrideBook : IAsyncDisposable
{
    private readonly Lock ordering = new();
    private readonly TimeProvider time;
    private readonly OverrideStore? store;
    private readonly ILogger log;
    private readonly Action changed;
    private readonly ITimer end;

    /// <param name="time">The clock, whose wall time ends overrides: they go on through a restart.</param>
    /// <param name="store">Where they are kept, or null to keep them in memory.</param>
    /// <param name="log">Where they are told.</param>
    /// <param name="changed">Called when what holds has changed, under no lock.</param>
    public OverrideBook(TimeProvider time, OverrideStore? store, ILogger log, Action changed)
    {
        (this.time, this.store, this.log, this.changed) = (time, store, log, changed);
        end = time.CreateTimer(_ => EndDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Active = Load();
        EndDue();
    }

    /// <summary>What holds. Written under the lock; one reference, so readers need none.</summary>
    public ImmutableArray<ActiveOverride> Active { get; private set; }

    public OverrideDecision Order(OverrideOrder order, OverrideRules rules, HealthSnapshot health)
    {
        OverrideDecision decision;
        lock (ordering) decision = Settle(order, rules, health, time.GetUtcNow());
        if (decision.Refusal is null) changed();
        return decision;
    }

    public ValueTask DisposeAsync() => end.DisposeAsync();

    private ImmutableArray<ActiveOverride> Load()
    {
        try
        {
            return store?.Load() ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            HealthLog.OverridesNotLoaded(log, e);
            return [];
        }
    }

    private OverrideDecision Settle(OverrideOrder order, OverrideRules rules, HealthSnapshot health, DateTimeOffset now)
    {
        var decision = rules.Decide(order, Active, health, now);
        try
        {
            store?.Audit(new AuditLine(now, decision.Refusal is null ? "ordered" : "refused", order, decision.Refusal));
            if (decision.Refusal is not null) return decision;
            store?.Save(decision.Active);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HealthLog.OverridesNotKept(log, e);
            return new OverrideDecision(Active, $"store: {e.Message}");
        }

        HealthLog.OverrideOrdered(log, order.Regions, order.Kind, order.By, order.Reason);
        Active = decision.Active;
        AwaitEnd(now);
        return decision;
    }

    private void EndDue()
    {
        ActiveOverride[] due;
        lock (ordering)
        {
            var now = time.GetUtcNow();
            due = [.. Active.Where(one => one.Until <= now)];
            Active = Active.RemoveRange(due);
            foreach (var one in due) HealthLog.OverrideEnded(log, one.Region, one.Kind, one.Reason);
            if (due.Length > 0) Keep(due, now);
            AwaitEnd(now);
        }

        if (due.Length > 0) changed();
    }

    /// <summary>What has ended has ended, kept or not: a restart ends it again.</summary>
    private void Keep(ActiveOverride[] due, DateTimeOffset now)
    {
        try
        {
            foreach (var one in due) store?.Audit(new AuditLine(now, "ended", Ended: one));
            store?.Save(Active);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HealthLog.OverridesNotKept(log, e);
        }
    }

    private void AwaitEnd(DateTimeOffset now)
    {
        if (Active.IsEmpty) return;
        var left = Active.Min(one => one.Until) - now;
        end.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, left.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }
}
