using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.State;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Health;

/// <summary>
/// The one truth about health: probes what the topology names and publishes immutable snapshots. Everything that changes
/// a verdict goes through one lock, so there is one writer; readers take <see cref="Current"/> and keep it.
/// </summary>
public sealed class HealthBoard : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Random random;
    private readonly ProbeTools tools;
    private readonly ProberByKind? owned;
    private readonly SnapshotDelivery delivery;
    private readonly long start;
    private readonly ITimer nextChange;
    private readonly ITimer latencyJudge;
    private readonly FailoverClock failovers;
    private readonly Failback failback = new();
    private readonly OverrideBook book;
    private volatile TaskCompletionSource firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile HealthSnapshot? current;
    private volatile Roster? roster;
    private HealthOptions options = new();
    private bool isDisposed;

    /// <summary>Makes a board that probes over the network. It does nothing until <see cref="Apply(Topology, HealthOptions)"/>.</summary>
    /// <param name="time">The clock of schedules and timeouts.</param>
    /// <param name="random">Source of phases and jitter; used by this board alone.</param>
    /// <param name="meters">Makes the meter Hanzo.Edge.Health.</param>
    /// <param name="log">Where changes of state are told.</param>
    /// <param name="overrides">Where operators' overrides are kept, or null to forget them at the end.</param>
    public HealthBoard(TimeProvider time, Random random, IMeterFactory meters, ILogger<HealthBoard> log, OverrideStore? overrides = null)
        : this(time, random, new ProberByKind(time), meters, log, overrides) => owned = (ProberByKind)tools.Prober;

    internal HealthBoard(TimeProvider time, Random random, IProber prober, IMeterFactory meters, ILogger<HealthBoard> log, OverrideStore? store = null)
    {
        this.random = random;
        tools = new ProbeTools(time, prober, new HealthMetrics(meters, Watch, () => options), log);
        delivery = new SnapshotDelivery(log);
        book = new OverrideBook(time, store, log, TakeOverrides);
        start = time.GetTimestamp();
        failovers = new FailoverClock(time, tools.Metrics, log);
        nextChange = time.CreateTimer(_ => TakeTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        latencyJudge = time.CreateTimer(_ => JudgeLatencies(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The newest snapshot. Null until the first <see cref="Apply(Topology, HealthOptions)"/>.</summary>
    public HealthSnapshot? Current => current;

    /// <summary>Completes when every endpoint of the topology applied last was probed once, after the snapshot that says so is <see cref="Current"/>.</summary>
    public Task FirstRound => firstRound.Task;

    /// <summary>The operators' overrides that hold, those of regions that the topology does not name included.</summary>
    public ImmutableArray<ActiveOverride> Overrides => book.Active;

    /// <summary>
    /// The smoothed round-trip time from here to each region, by name: that of its nearest endpoint, from the handshakes of
    /// probes. A region that no probe has reached yet is not named.
    /// </summary>
    public ImmutableDictionary<string, TimeSpan> RoundTrips
    {
        get
        {
            lock (gate)
                return Targets.Where(target => target.RoundTrip.Smoothed is not null)
                    .GroupBy(target => target.Region)
                    .ToImmutableDictionary(region => region.Key, region => region.Min(target => target.RoundTrip.Smoothed!.Value));
        }
    }

    /// <summary>
    /// Called after every publication, in order, one at a time, on any thread and under no lock of the board. A receiver may
    /// still be handed a snapshot while <see cref="Apply(Topology, HealthOptions)"/> returns a newer one elsewhere: the higher version is the truth.
    /// </summary>
    public event Action<HealthSnapshot>? Published;

    /// <summary>
    /// Takes a new topology: endpoints of the same region, name and address keep their state (and, unless the probe options
    /// changed, their schedule), new ones start unknown and are probed at once, others stop being probed. Publishes before it returns.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The board was disposed.</exception>
    public HealthSnapshot Apply(Topology topology, HealthOptions health)
    {
        HealthSnapshot snapshot;
        List<ProbeLoop> stopped = [], started = [];
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            var known = Targets.ToDictionary(target => target.Key);
            var isPassiveNew = options.Passive != health.Passive;
            if (roster is null || options.Latency != health.Latency)
                latencyJudge.Change(health.Latency.Window, health.Latency.Window);
            options = health;
            roster = new Roster(topology, [.. topology.Regions.Select(region => region.Endpoints.Select(endpoint => Target(region, endpoint)).ToImmutableArray())]);
            stopped.AddRange(known.Values.Select(target => target.Loop).OfType<ProbeLoop>());
            snapshot = Publish(roster);
            if (firstRound.Task.IsCompleted && !Targets.All(target => target.IsProbed)) firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
            CompleteFirstRound();

            ProbeTarget Target(Region region, RegionEndpoint endpoint)
            {
                if (!known.Remove(ProbeTarget.KeyOf(region, endpoint), out var target))
                    target = new ProbeTarget(region.Name, endpoint, tools.Time.GetTimestamp(), new OutcomeWindow(health.Passive, tools.Time));
                else if (isPassiveNew)
                    target.Window = new OutcomeWindow(health.Passive, tools.Time);
                target.Endpoint = endpoint;
                target.DegradedShare = health.Latency.Share;
                if (target.Options == health.Probe) return target;
                if (target.Loop is { } old) stopped.Add(old);
                target.Options = health.Probe;
                target.Loop = new ProbeLoop(region.Name, endpoint, health.Probe, new Random(random.Next()), tools, (loop, outcome) => Observe(target, loop, outcome));
                started.Add(target.Loop);
                tools.Metrics.Begin(region.Name, endpoint.Name);
                return target;
            }
        }

        delivery.Deliver(Published);
        foreach (var loop in stopped) _ = loop.DisposeAsync().AsTask();
        foreach (var loop in started) loop.Start();
        return snapshot;
    }

    /// <summary>Takes a new topology with no options but how to probe; see <see cref="Apply(Topology, HealthOptions)"/>.</summary>
    public HealthSnapshot Apply(Topology topology, ProbeOptions probe) => Apply(topology, new HealthOptions { Probe = probe });

    /// <summary>
    /// Takes the outcome of one real request. Cheap and without locks, except for the one failure that ejects the endpoint.
    /// What speaks of a topology that is no longer current is passed over.
    /// </summary>
    /// <param name="topology">The topology by which the request was steered.</param>
    /// <param name="region">Index of the region in it.</param>
    /// <param name="endpoint">Index of the endpoint in the region.</param>
    /// <param name="outcome">How the request ended.</param>
    /// <param name="sent">The clock's timestamp when the request was sent there, for its latency (until the head of the answer) and the time of a failover; 0 where it is not known.</param>
    public void Report(Topology topology, int region, int endpoint, RequestOutcome outcome, long sent = 0)
    {
        if (roster is not { } now || !ReferenceEquals(now.Topology, topology)) return;
        var target = now.Regions[region][endpoint];
        var window = target.Window;
        var isFailure = outcome != RequestOutcome.Answered;
        if (isFailure) TakeFailure(target, sent);
        else TakeAnswer(target, sent);
        if (!target.IsEjected && window.Record(isFailure)) Eject(target, window, outcome);
    }

    /// <summary>The latency that 95 of 100 answers of an endpoint stayed under of late; null where there were too few, or the topology is no longer current.</summary>
    public TimeSpan? P95(Topology topology, int region, int endpoint) =>
        roster is { } now && ReferenceEquals(now.Topology, topology) ? now.Regions[region][endpoint].P95 : null;

    /// <summary>Drains or forces regions, or takes that back, unless a rule forbids it. What holds is kept and published before this returns.</summary>
    /// <exception cref="InvalidOperationException">No topology was applied yet.</exception>
    public OverrideDecision Override(OverrideOrder order) =>
        book.Order(order, options.Overrides, current ?? throw new InvalidOperationException("No topology was applied yet."));

    /// <summary>Stops probing and waits until no probe is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        List<ProbeLoop> loops;
        lock (gate)
        {
            if (isDisposed) return;
            isDisposed = true;
            loops = [.. Targets.Select(target => target.Loop).OfType<ProbeLoop>()];
        }

        await book.DisposeAsync().ConfigureAwait(false);
        await nextChange.DisposeAsync().ConfigureAwait(false);
        await latencyJudge.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(loops.Select(loop => loop.DisposeAsync().AsTask())).ConfigureAwait(false);
        tools.Metrics.Dispose();
        owned?.Dispose();
    }

    private IEnumerable<ProbeTarget> Targets => roster?.Targets ?? [];

    private void TakeFailure(ProbeTarget target, long sent)
    {
        var now = tools.Time.GetTimestamp();
        // The first sign of trouble is worth a probe at once: with little traffic, probes decide.
        if (target.Spell.RequestFailed(sent == 0 ? now : sent, now)) target.Loop?.Hurry();
    }

    private void TakeAnswer(ProbeTarget target, long sent)
    {
        target.Spell.Answered();
        if (sent != 0) target.Latency.Record(tools.Time.GetElapsedTime(sent));
    }

    /// <summary>Takes one outcome in and says whether the endpoint is in transition. An outcome of a loop that was replaced is dropped.</summary>
    private bool Observe(ProbeTarget target, ProbeLoop loop, ProbeOutcome outcome)
    {
        bool inTransition;
        lock (gate)
        {
            if (target.Loop != loop || isDisposed) return false;
            var before = (Probed: target.State, target.Health);
            target.Take(outcome, tools.Time.GetTimestamp());
            var after = target.State.Health.State;
            if (after != before.Probed.Health.State)
            {
                tools.Metrics.EndpointChanged(target.Region, target.Endpoint.Name, after);
                HealthLog.EndpointChanged(tools.Log, target.Region, target.Endpoint.Name, before.Probed.Health.State, after, outcome.Detail);
            }

            if (target.Health != before.Health) Changed(target, before.Health);
            // No verdict yet, but one that has come nearer or is called off: who keeps an answer wants to know.
            else if (target.State != before.Probed) Publish(roster!);
            failovers.Settle(options.Failover);
            CompleteFirstRound();
            inTransition = target.State.InTransition;
        }

        delivery.Deliver(Published);
        return inTransition;
    }

    /// <summary>Publishes what changed of an endpoint, if anything did. Only under the gate.</summary>
    private void Changed(ProbeTarget target, EndpointHealth before)
    {
        if (target.Health == before) return;
        if ((before.State, target.Health.State) is (HealthState.Down, HealthState.Up))
        {
            target.SlowStart = SlowStart.From(Now, options.SlowStart);
            failovers.Returned(target);
        }

        if (target.Health.State == HealthState.Up && before.State != HealthState.Up) target.Ejection = target.Ejection.Rise(Now);
        Publish(roster!);
        if (before.State == HealthState.Up && target.Health.State != HealthState.Up)
        {
            target.Ejection = target.Ejection.Fall(Now, options.Passive);
            failovers.Left(target, options.Failover);
        }

        AwaitNextChange();
    }

    /// <summary>Takes an endpoint out because requests fail there, unless enough of its region is out already.</summary>
    private void Eject(ProbeTarget target, OutcomeWindow window, RequestOutcome outcome)
    {
        lock (gate)
        {
            // Of the failures that come here at once, the first one ejects; the rest find their window replaced.
            var region = roster!.Beside(target);
            if (isDisposed || target.Window != window || region.IsEmpty) return;
            if (region.Count(one => one.IsEjected) >= options.Passive.MaxEjectedOf(region.Length)) return;
            var before = target.Health;
            target.Ejection = target.Ejection.Again(Now, options.Passive);
            target.IsEjected = true;
            target.Window = new OutcomeWindow(options.Passive, tools.Time);
            tools.Metrics.Ejected(target.Region, target.Endpoint.Name);
            HealthLog.EndpointEjected(tools.Log, target.Region, target.Endpoint.Name, (target.Ejection.Until - Now).TotalSeconds, outcome);
            Changed(target, before);
            AwaitNextChange();
        }

        delivery.Deliver(Published);
    }

    /// <summary>Does what is due by time alone: ends ejections, gives endpoints in slow start more, takes regions back.</summary>
    private void TakeTime()
    {
        lock (gate)
        {
            if (isDisposed) return;
            var now = Now;
            foreach (var target in Targets)
            {
                var before = target.Health;
                target.SlowStart = target.SlowStart.At(now);
                if (target.IsEjected && !target.Ejection.IsActive(now))
                {
                    target.IsEjected = false;
                    HealthLog.EjectionOver(tools.Log, target.Region, target.Endpoint.Name);
                }

                Changed(target, before);
            }

            if (failback.NextEnd <= now) Publish(roster!);
            AwaitNextChange();
        }

        delivery.Deliver(Published);
    }

    /// <summary>Judges the latencies of one window, each endpoint beside the others of its region.</summary>
    private void JudgeLatencies()
    {
        lock (gate)
        {
            if (isDisposed || roster is null) return;
            foreach (var (target, before) in LatencyJudge.Judge(roster, options.Latency, tools.Log)) Changed(target, before);
        }

        delivery.Deliver(Published);
    }

    private TimeSpan Now => tools.Time.GetElapsedTime(start);

    private void AwaitNextChange()
    {
        // Rounded up to the millisecond, which is what timers count in: one that fires early would fire again and again.
        if (new[] { roster?.NextChange, failback.NextEnd }.Min() is { } next)
            nextChange.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, (next - Now).TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private void TakeOverrides()
    {
        lock (gate)
        {
            if (isDisposed || roster is null) return;
            Publish(roster);
        }

        delivery.Deliver(Published);
    }

    /// <summary>Makes the next snapshot from the targets and queues its delivery. Only under the gate.</summary>
    private HealthSnapshot Publish(Roster from)
    {
        var topology = from.Topology;
        var regions = failback.Apply(topology, [.. from.Regions.Select((endpoints, i) => OverrideRules.Apply(
            RegionVerdict.Of([.. endpoints.Select(target => target.Endpoint)], [.. endpoints.Select(target => target.Health)], options.UpShare) with { ChangesAt = ChangesAt(endpoints) },
            book.Active, topology.Regions[i].Name))], Now, options.Failback, TimestampAt);
        for (var i = 0; i < regions.Length; i++)
        {
            var name = topology.Regions[i].Name;
            var index = current?.Topology.IndexOf(name) ?? -1;
            var before = index < 0 ? HealthState.Unknown : current!.Regions[index].Observed;
            if (before == regions[i].Observed) continue;
            tools.Metrics.RegionChanged(name, regions[i].Observed);
            HealthLog.RegionChanged(tools.Log, name, before, regions[i].Observed);
        }

        var snapshot = new HealthSnapshot((current?.Version ?? 0) + 1, topology, regions);
        current = snapshot;
        tools.Metrics.Published();
        delivery.Enqueue(snapshot);
        return snapshot;
    }

    private long? ChangesAt(ImmutableArray<ProbeTarget> endpoints) =>
        RegionForecast.Of([.. endpoints.Select(target => (target.Endpoint.Weight, target.Health.State == HealthState.Up, target.ChangesIn(Now)))], options.UpShare) is { } forecast
            ? TimestampAt(Now + forecast)
            : null;

    private long TimestampAt(TimeSpan at) => start + (long)(at.TotalSeconds * tools.Time.TimestampFrequency);

    private void CompleteFirstRound()
    {
        if (Targets.All(target => target.IsProbed)) firstRound.TrySetResult();
    }

    private List<EndpointReading> Watch()
    {
        lock (gate)
        {
            return current is { } snapshot ? roster!.Read(snapshot, tools.Time) : [];
        }
    }
}
