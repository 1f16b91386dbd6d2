using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>Runs what a node does for replication beside serving: a link to each peer, comparing, cutting.</summary>
internal sealed class Replicator(
    ReplicationOptions options,
    Store store,
    PeerClient client,
    PeerBoard board,
    EntryIntake intake,
    AntiEntropy antiEntropy,
    LogCutter cutter,
    TimeProvider time,
    ILogger<Replicator> log) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
    [
        .. options.Peers.Select(peer => Keep(new PeerLink(peer, store, client, board, intake, options, time, log).Follow, stoppingToken)),
        Keep(antiEntropy.ReadRanges, stoppingToken),
        Keep(antiEntropy.CompareForever, stoppingToken),
        Keep(cutter.CutForever, stoppingToken),
    ]);

    /// <summary>A task survives its faults: only stopping ends it.</summary>
    private async Task Keep(Func<CancellationToken, Task> task, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Run(() => task(stopping), stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // The node ends, and what the task works with may have ended before it.
                return;
            }
            catch (Exception fault)
            {
                log.TaskFailed(fault);
                await Task.Delay(PauseAfterFault, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
