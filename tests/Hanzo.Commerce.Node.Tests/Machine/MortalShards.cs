using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Tests.Machine;

/// <summary>Shards as a node sees them that dies after so many calls: before the command of the last one, or just after it.</summary>
internal sealed class MortalShards(IShards living, int calls, bool lastIsApplied) : IShards
{
    private int _left = calls;

    public int Count => living.Count;

    public bool Leads(int shard) => true;

    public IShardMachine MachineOf(int shard) => living.MachineOf(shard);

    public async ValueTask<SubmitOutcome> Submit(int shard, ReadOnlyMemory<byte> command, CancellationToken cancellation)
    {
        if (_left-- > 0)
            return await living.Submit(shard, command, cancellation);
        if (_left == -1 && lastIsApplied)
            await living.Submit(shard, command, cancellation);
        throw new NodeDiedException();
    }

    public ValueTask<ReadOutcome> Read(int shard, ReadOnlyMemory<byte> question, Consistency consistency, CancellationToken cancellation) =>
        _left < 0 ? throw new NodeDiedException() : living.Read(shard, question, consistency, cancellation);
}

internal sealed class NodeDiedException : Exception;
