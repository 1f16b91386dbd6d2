using System.Collections.Immutable;
using System.Diagnostics.Metrics;
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
    private readonly TaskCompletionSource firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<ImmutableArray<ProbeTarget>> targets = [];
    private volatile HealthSnapshot? current;
    private HealthOptions options = new();
    private bool isDisposed;

    /// <summary>Makes a board that probes over the network. It does nothing until <see cref="Apply(Topology, HealthOptions)"/>.</summary>
    /// <param name="time">The clock of schedules and timeouts.</param>
    /// <param name="random">Source of phases and jitter; used by this board alone.</param>
    /// <param name="meters">Makes the meter Hanzo.Edge.Health.</param>
    /// <param name="log">Where changes of state are told.</param>
    public HealthBoard(TimeProvider time, Random random, IMeterFactory meters, ILogger<HealthBoard> log)
        : this(time, random, new ProberByKind(), meters, log) => owned = (ProberByKind)tools.Prober;

    internal HealthBoard(TimeProvider time, Random random, IProber prober, IMeterFactory meters, ILogger<HealthBoard> log)
    {
        this.random = random;
        tools = new ProbeTools(time, prober, new HealthMetrics(meters, Watch), log);
        delivery = new SnapshotDelivery(log);
    }

    /// <summary>The newest snapshot. Null until the first <see cref="Apply(Topology, HealthOptions)"/>.</summary>
    public HealthSnapshot? Current => current;

    /// <summary>Completes when every endpoint of the topology was probed once, after the snapshot that says so is <see cref="Current"/>.</summary>
    public Task FirstRound => firstRound.Task;

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
            var known = targets.SelectMany(region => region).ToDictionary(target => target.Key);
            options = health;
            targets = [.. topology.Regions.Select(region => region.Endpoints.Select(endpoint => Target(region, endpoint)).ToImmutableArray())];
            stopped.AddRange(known.Values.Select(target => target.Loop).OfType<ProbeLoop>());
            snapshot = Publish(topology);
            CompleteFirstRound();

            ProbeTarget Target(Region region, RegionEndpoint endpoint)
            {
                if (!known.Remove(ProbeTarget.KeyOf(region, endpoint), out var target))
                    target = new ProbeTarget(region.Name, endpoint, tools.Time.GetTimestamp());
                target.Endpoint = endpoint;
                if (target.Options == health.Probe) return target;
                if (target.Loop is { } old) stopped.Add(old);
                target.Options = health.Probe;
                target.Loop = new ProbeLoop(region.Name, endpoint, health.Probe, new Random(random.Next()), tools, (loop, outcome) => Observe(target, loop, outcome));
                started.Add(target.Loop);
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

    /// <summary>Stops probing and waits until no probe is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        List<ProbeLoop> loops;
        lock (gate)
        {
            if (isDisposed) return;
            isDisposed = true;
            loops = [.. targets.SelectMany(region => region).Select(target => target.Loop).OfType<ProbeLoop>()];
        }

        await Task.WhenAll(loops.Select(loop => loop.DisposeAsync().AsTask())).ConfigureAwait(false);
        tools.Metrics.Dispose();
        owned?.Dispose();
    }

    /// <summary>Takes one outcome in and says whether the endpoint is in transition. An outcome of a loop that was replaced is dropped.</summary>
    private bool Observe(ProbeTarget target, ProbeLoop loop, ProbeOutcome outcome)
    {
        bool inTransition;
        lock (gate)
        {
            if (target.Loop != loop || isDisposed) return false;
            var before = target.State;
            target.Take(outcome, tools.Time.GetTimestamp());
            if (target.State.Health.State != before.Health.State)
            {
                tools.Metrics.EndpointChanged(target.Region, target.Endpoint.Name, target.State.Health.State);
                HealthLog.EndpointChanged(tools.Log, target.Region, target.Endpoint.Name, before.Health.State, target.State.Health.State, outcome.Detail);
            }

            if (target.State.Health != before.Health) Publish(current!.Topology);
            CompleteFirstRound();
            inTransition = target.State.InTransition;
        }

        delivery.Deliver(Published);
        return inTransition;
    }

    /// <summary>Makes the next snapshot from the targets and queues its delivery. Only under the gate.</summary>
    private HealthSnapshot Publish(Topology topology)
    {
        ImmutableArray<RegionHealth> regions = [.. targets.Select(endpoints => RegionVerdict.Of([.. endpoints.Select(target => target.State.Health)], [.. endpoints.Select(target => target.Endpoint.Weight)], options.UpShare))];
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

    private void CompleteFirstRound()
    {
        if (targets.All(region => region.All(target => target.IsProbed))) firstRound.TrySetResult();
    }

    private List<EndpointReading> Watch()
    {
        lock (gate)
        {
            if (current is not { } snapshot) return [];
            var now = tools.Time.GetTimestamp();
            return
            [
                .. targets.SelectMany((region, index) => region.Select(target => new EndpointReading(
                    target.Region, snapshot.Regions[index].Observed, target.Endpoint.Name, target.State.Health.State,
                    tools.Time.GetElapsedTime(target.LastProbed, now)))),
            ];
        }
    }
}
