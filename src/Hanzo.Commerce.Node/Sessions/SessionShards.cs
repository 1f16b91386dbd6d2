using System.Collections.Concurrent;
using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Sessions;

/// <summary>
/// The shards as clients with a session read them: a local reading that would show less than its client has seen waits a
/// moment, then becomes a linearizable one, and when that cannot be had either it is answered and said to be behind.
/// </summary>
internal sealed class SessionShards(RaftShards shards, Replicas replicas, SessionGateOptions options, SessionMetrics metrics, TimeProvider time) : IShards
{
    /// <summary>How soon it is looked again: replicas tell nobody of each entry, and few readings wait.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<int, (long Index, long At)> _givenUp = [];

    public int Count => shards.Count;

    public bool Leads(int shard) => shards.Leads(shard);

    public IShardMachine MachineOf(int shard) => shards.MachineOf(shard);

    public ValueTask<SubmitOutcome> Submit(int shard, ReadOnlyMemory<byte> command, CancellationToken cancellation) => shards.Submit(shard, command, cancellation);

    public async ValueTask<ReadOutcome> Read(int shard, ReadOnlyMemory<byte> question, Consistency consistency, CancellationToken cancellation)
    {
        if (consistency == Consistency.Linearizable || Sight.Current is not { } sight || sight.Least(shard) is var least && replicas[shard].Applied >= least)
            return await shards.Read(shard, question, consistency, cancellation);
        if (!IsGivenUp(shard, least))
        {
            if (await Arrives(shard, least, cancellation))
                metrics.ShardReached(SessionState.Waited);
            else if (await AskLeader(shard, question, least, cancellation) is { } answered)
                return answered;
        }
        if (replicas[shard].Applied < least)
        {
            sight.IsBehind = true;
            metrics.ShardReached(SessionState.Behind);
        }
        return await shards.Read(shard, question, Consistency.Local, cancellation);
    }

    private async ValueTask<bool> Arrives(int shard, long index, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (replicas[shard].Applied < index)
        {
            if (time.GetElapsedTime(began) >= options.Wait)
                return false;
            await Task.Delay(Look, time, cancellation);
        }
        return true;
    }

    private async ValueTask<ReadOutcome?> AskLeader(int shard, ReadOnlyMemory<byte> question, long least, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.AskLeader, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            if (await shards.Read(shard, question, Consistency.Linearizable, either.Token) is ReadOutcome.Answered answered)
            {
                metrics.ShardReached(SessionState.Fetched);
                return answered;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nobody led, or the leader is out of reach.
        }
        _givenUp[shard] = (least, time.GetTimestamp());
        return null;
    }

    private bool IsGivenUp(int shard, long index) =>
        _givenUp.TryGetValue(shard, out var given) && given.Index <= index && time.GetElapsedTime(given.At) < options.GiveUp;
}
