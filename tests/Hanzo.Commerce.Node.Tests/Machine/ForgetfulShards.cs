using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Tests.Machine;

/// <summary>Shards whose leader dies with the first command on its way to it: it is applied or lost, and nobody can say which.</summary>
internal sealed class ForgetfulShards(IShards living, bool isApplied, TimeSpan after, Action<TimeSpan> wait) : IShards
{
    /// <summary>Commands sent.</summary>
    public int Sent { get; private set; }

    public int Count => living.Count;

    public bool Leads(int shard) => false;

    public IShardMachine MachineOf(int shard) => living.MachineOf(shard);

    public async ValueTask<SubmitOutcome> Submit(int shard, ReadOnlyMemory<byte> command, CancellationToken cancellation)
    {
        if (++Sent > 1)
            return await living.Submit(shard, command, cancellation);
        if (isApplied)
            await living.Submit(shard, command, cancellation);
        wait(after);
        return new SubmitOutcome.Unknown(TimeSpan.FromSeconds(1));
    }

    public ValueTask<ReadOutcome> Read(int shard, ReadOnlyMemory<byte> question, Consistency consistency, CancellationToken cancellation) =>
        living.Read(shard, question, consistency, cancellation);
}
