using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Groups;

/// <summary>A node whose replicas reach nobody; a fault ends the test run, as it ends a node.</summary>
internal class QuietHost : IGroupHost
{
    public virtual void Send(int shard, string to, Message message)
    {
    }

    public void Flush()
    {
    }

    public void LeaderChanged(int shard, string? leader, long term)
    {
    }

    public void Installed(int shard, string from, long index)
    {
    }

    public virtual void NoRoom(int shard, IOException why)
    {
    }

    public virtual void Failed(int? shard, Exception fault) => throw new InvalidOperationException($"Shard {shard} cannot go on.", fault);
}
