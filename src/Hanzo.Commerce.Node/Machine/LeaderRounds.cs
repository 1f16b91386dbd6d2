using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>What this node does again and again for the shards that it leads. A shard where that fails keeps no other waiting, and has its turn in the next round.</summary>
internal abstract class LeaderRounds(CommerceShards shards, TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>All shards.</summary>
    protected CommerceShards Shards => shards;

    /// <summary>Hears of what failed.</summary>
    protected ILogger Log => log;

    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Do(stoppingToken);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The node ends, and what this works with may have ended before it. Whoever leads next goes on.
        }
    }

    /// <summary>One round over the shards that this node leads.</summary>
    public async Task Do(CancellationToken cancellation)
    {
        for (var shard = 0; shard < shards.Count; shard++)
        {
            if (!shards.Leads(shard))
                continue;
            try
            {
                await Do(shard, cancellation);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                log.RoundFailed(fault, shard);
            }
        }
    }

    /// <summary>A round of one shard.</summary>
    protected abstract Task Do(int shard, CancellationToken cancellation);
}
