using System.Diagnostics.Metrics;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Commerce.Node.Tests.Replication.Simulation;

/// <summary>A node of the real parts, over a simulated disk and network; it may die and start again.</summary>
internal sealed class SimulatedNode(ReplicationOptions options, VirtualTime time, TimeSpan skew, SimulatedNetwork network, Func<TimeSpan> syncTime, bool acksBeforeApplying)
{
    private static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CutInterval = TimeSpan.FromSeconds(4);

    private CancellationTokenSource _stopping = new();
    private uint _life;

    public string Name => options.Self;

    public bool IsUp { get; private set; }

    public CancellationToken Stopping => _stopping.Token;

    public SimulatedDisk Disk { get; private set; } = new(Origin.Of(options.Self, 1));

    public SimulatedReplica Replica { get; private set; } = null!;

    public LogFeed Feed { get; private set; } = null!;

    public void Start()
    {
        if (IsUp)
            return;
        (_stopping, IsUp) = (new CancellationTokenSource(), true);
        var clock = new HybridClock(new Skewed(time, skew), MostSkew);
        Replica = new SimulatedReplica(Disk, new CollectionSet([CartBook.Collection]), clock.Next, time, syncTime, acksBeforeApplying);
        var board = new PeerBoard(options, time);
        var intake = new EntryIntake(Replica, options, new ReplicationMetrics(Meters), clock);
        Feed = new LogFeed(Replica, options, clock, time);
        var client = network.ClientOf(Name, Stopping);
        foreach (var peer in options.Peers)
            VirtualTime.Watch(new PeerLink(peer, Replica, client, board, intake, options, time, NullLogger.Instance).Follow(Stopping));
        VirtualTime.Watch(CutForever(new LogCutter(Replica, board, options, time), Stopping));
    }

    /// <summary>As by kill -9: what is not on the disk is gone, and nobody is told.</summary>
    public void Kill()
    {
        if (!IsUp)
            return;
        IsUp = false;
        Replica.Die();
        _stopping.Cancel();
    }

    public void Wipe() => Disk = new SimulatedDisk(Origin.Of(Name, ++_life + 1));

    private async Task CutForever(LogCutter cutter, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await cutter.Cut();
            await Task.Delay(CutInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private sealed class Skewed(TimeProvider time, TimeSpan skew) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + skew;
    }
}
