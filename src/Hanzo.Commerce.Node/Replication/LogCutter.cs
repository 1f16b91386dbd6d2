using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>Removes from the logs what every member has, and what is older than anyone is waited for.</summary>
internal sealed class LogCutter(IReplica store, PeerBoard board, ReplicationOptions options, TimeProvider time)
{
    /// <summary>Entries removed in one step: clients' changes come between steps.</summary>
    private const int Step = 2000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public async Task CutForever(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(Interval, time, stopping);
            await Cut();
        }
    }

    public async Task Cut()
    {
        var here = store.Vector;
        var everywhere = board.EverywhereOf(here);
        foreach (var (origin, applied) in here.Entries)
        {
            var last = Math.Max(Math.Min(everywhere[origin], applied - options.KeptEntries), applied - options.MostEntries);
            while (store.FirstOf(origin) is { } first && first <= last)
                await store.Cut(origin, Math.Min(last, first + Step - 1));
        }
    }
}
