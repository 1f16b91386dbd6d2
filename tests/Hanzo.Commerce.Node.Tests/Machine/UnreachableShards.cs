using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Tests.Machine;

/// <summary>Shards that take so many commands and then, for certain, none.</summary>
internal sealed class UnreachableShards(IShards living, int calls) : IShards
{
    private int _left = calls;

    public int Count => living.Count;

    public bool Leads(int shard) => false;

    public IShardMachine MachineOf(int shard) => living.MachineOf(shard);

    public ValueTask<SubmitOutcome> Submit(int shard, ReadOnlyMemory<byte> command, CancellationToken cancellation) =>
        _left-- > 0 ? living.Submit(shard, command, cancellation) : new(new SubmitOutcome.NotApplied(TimeSpan.FromSeconds(1)));

    public ValueTask<ReadOutcome> Read(int shard, ReadOnlyMemory<byte> question, Consistency consistency, CancellationToken cancellation) =>
        living.Read(shard, question, consistency, cancellation);
}
