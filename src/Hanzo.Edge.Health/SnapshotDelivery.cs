using System.Collections.Concurrent;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Health;

/// <summary>
/// Hands snapshots to receivers in order, one at a time, and never under the board's lock: a receiver takes locks of its
/// own, and whoever holds those may be waiting for the board. Whoever finds nobody delivering delivers until the queue is
/// empty; everyone else only enqueues.
/// </summary>
internal sealed class SnapshotDelivery(ILogger log)
{
    private readonly ConcurrentQueue<HealthSnapshot> queue = new();
    private int pending;

    /// <summary>Queues a snapshot; called by the one writer, in order.</summary>
    public void Enqueue(HealthSnapshot snapshot) => queue.Enqueue(snapshot);

    /// <summary>Delivers what is queued, unless someone else is at it.</summary>
    public void Deliver(Action<HealthSnapshot>? receivers)
    {
        if (Interlocked.Increment(ref pending) != 1) return;
        var seen = 1;
        do
        {
            while (queue.TryDequeue(out var snapshot)) Hand(snapshot, receivers);
            seen = Interlocked.Add(ref pending, -seen);
        }
        while (seen > 0);
    }

    private void Hand(HealthSnapshot snapshot, Action<HealthSnapshot>? receivers)
    {
        foreach (var receiver in Delegate.EnumerateInvocationList(receivers))
        {
            try
            {
                receiver(snapshot);
            }
            catch (Exception e)
            {
                HealthLog.ReceiverFailed(log, e, snapshot.Version);
            }
        }
    }
}
