using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Operating;

namespace Hanzo.Commerce.Node.Consensus.Backups;

/// <summary>
/// Saves the states of all shards as of one instant. A reservation over several shards is written in steps, each after the
/// answer to the one before; states of different instants could hold a later step without the earlier one.
///
/// So every leader holds its commands for a moment. When all hold, this node's replicas are told at which entry to save, and
/// the leaders go on. It is valid if each leader then says that it held all the time and finds a majority that knows of no
/// other leader; else it is tried again. Commands wait for two exchanges with the farthest leader, and none is refused.
/// </summary>
internal sealed class Standstill(Replicas replicas, LeaderOrders orders, TimeProvider time)
{
    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Who asked may die: then the leaders go on by themselves, well before callers give up.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);

    /// <summary>How long this node's replicas may be behind.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(30);

    /// <exception cref="NotSavedException">It was not possible, and why.</exception>
    public async Task<SavedState[]> Save(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Try(cancellation);
            }
            catch (NotSavedException) when (attempt < Attempts)
            {
                await Task.Delay(Pause * attempt, time, cancellation);
            }
        }
    }

    private async Task<SavedState[]> Try(CancellationToken cancellation)
    {
        var token = Guid.NewGuid().ToString("n");
        SavePoint[] points = [];
        var holds = await orders.GiveAll(new HoldOrder(token, LongestHold), cancellation);
        try
        {
            Demand(holds);
            points = await Task.WhenAll(replicas.Groups.Select((group, shard) => group.SaveAt(new LogPosition(holds[shard].Index, holds[shard].Term))));
        }
        finally
        {
            // Also where one did not hold, and where nobody waits for it any more.
            Demand(await orders.GiveAll(new ReleaseOrder(token), CancellationToken.None), isNeeded: points.Length > 0);
        }
        try
        {
            var states = await Task.WhenAll(points.Select(point => point.Task)).WaitAsync(CatchUp, time, cancellation);
            return [.. states.Select((state, shard) => state ?? throw new NotSavedException($"shard {shard} went past the entry while its state was held"))];
        }
        catch (TimeoutException)
        {
            throw new NotSavedException($"this node was not told within {CatchUp.TotalSeconds} s what the leaders had decided");
        }
    }

    private static void Demand(OrderAnswer[] answers, bool isNeeded = true)
    {
        if (isNeeded && answers.FirstOrDefault(answer => !answer.IsDone) is { } not)
            throw new NotSavedException(not.Why ?? "a leader did not do it");
    }
}

/// <summary>The states could not be saved together, and why.</summary>
internal sealed class NotSavedException(string why) : Exception(why);
