using Hanzo.Commerce.Node.Consensus.Groups;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>
/// The shards of a node: a replica of each, on its disk. A command or a question that another node has to answer is passed
/// on to it; while nobody leads it waits, as long as that may take and no longer.
/// </summary>
internal sealed class RaftShards(ConsensusOptions options, Replicas replicas, LeaderClient client, ConsensusMetrics metrics, TimeProvider time) : IShards
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>How soon it is looked again where nothing told that something changed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public int Count => options.Shards;

    public bool Leads(int shard) => replicas[shard].Leads;

    public IShardMachine MachineOf(int shard) => replicas.MachineOf(shard);

    public async ValueTask<SubmitOutcome> Submit(int shard, ReadOnlyMemory<byte> command, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        SubmitOutcome? outcome = null;
        while (outcome is null)
        {
            var group = replicas[shard];
            var (changed, succession) = (group.ViewChanged, group.Succession);
            var left = options.Patience - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                outcome = new SubmitOutcome.NotApplied(RetryAfter);
                break;
            }
            LeaderNote.Note(replicas.RegionOf(group.Leader));
            outcome = group.Leads ? await Propose(group, command, left, cancellation)
                : replicas.PeerOf(group.Leader) is { } leader ? await client.Submit(leader, shard, command, left, succession, cancellation)
                : null;
            if (outcome is null)
                await Wait(changed, cancellation);
        }
        metrics.Submitted(shard, outcome, time.GetElapsedTime(began));
        return outcome;
    }

    public async ValueTask<ReadOutcome> Read(int shard, ReadOnlyMemory<byte> question, Consistency consistency, CancellationToken cancellation)
    {
        if (consistency == Consistency.Local)
            return Local(shard, question);
        var began = time.GetTimestamp();
        while (options.Patience - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            var group = replicas[shard];
            var (changed, succession) = (group.ViewChanged, group.Succession);
            LeaderNote.Note(replicas.RegionOf(group.Leader));
            var answer = group.Leads ? await Ask(group, question, left, cancellation)
                : replicas.PeerOf(group.Leader) is { } leader ? await client.Read(leader, shard, question, left, succession, cancellation)
                : null;
            if (answer is not null)
                return new ReadOutcome.Answered(answer.Value, TimeSpan.Zero);
            await Wait(changed, cancellation);
        }
        return new ReadOutcome.Unavailable(RetryAfter);
    }

    private ReadOutcome.Answered Local(int shard, ReadOnlyMemory<byte> question)
    {
        var answer = new ReadOutcome.Answered(replicas.MachineOf(shard).Answer(question.Span), replicas[shard].Staleness);
        Sight.Note(shard, replicas[shard].Applied);
        return answer;
    }

    /// <summary>Puts a command into this node's own log. Null: it certainly stands in none, and may be tried again.</summary>
    private async ValueTask<SubmitOutcome?> Propose(Group group, ReadOnlyMemory<byte> command, TimeSpan left, CancellationToken cancellation)
    {
        try
        {
            var outcome = await group.Propose(command, left).WaitAsync(left, time, cancellation);
            // Whoever leads by now: what was applied here is what the client has seen.
            if (outcome.Fate == ProposalFate.Applied)
                Sight.Note(group.Shard, group.Applied);
            return outcome.Fate switch
            {
                ProposalFate.Applied => new SubmitOutcome.Applied(outcome.Answer),
                ProposalFate.NoRoom => new SubmitOutcome.NotApplied(RetryAfter, IsDiskFull: true),
                ProposalFate.Unknown => new SubmitOutcome.Unknown(RetryAfter),
                _ => null,
            };
        }
        catch (TimeoutException)
        {
            return new SubmitOutcome.Unknown(RetryAfter);
        }
    }

    /// <summary>Answers from this node's own state once it is proved to be the newest. Null: it could not be proved.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> Ask(Group group, ReadOnlyMemory<byte> question, TimeSpan left, CancellationToken cancellation)
    {
        try
        {
            if (await group.Confirm().WaitAsync(left, time, cancellation))
            {
                var answer = replicas.MachineOf(group.Shard).Answer(question.Span);
                Sight.Note(group.Shard, group.Applied);
                return answer;
            }
            // Not in one expression with the answer: beside memory, null is an empty memory.
            return null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async Task Wait(Task changed, CancellationToken cancellation)
    {
        await Task.WhenAny(changed, Task.Delay(Look, time, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }
}
