using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>What a replica needs of its node.</summary>
internal interface IGroupHost
{
    /// <summary>Sends a message, at the next <see cref="Flush"/> at the latest.</summary>
    void Send(int shard, string to, Message message);

    /// <summary>Lets go what was sent: the messages of all shards to one node leave together.</summary>
    void Flush();

    /// <summary>Another leader, or none, or this node itself takes commands now.</summary>
    void LeaderChanged(int shard, string? leader, long term);

    void Installed(int shard, string from, long index);

    /// <summary>The disk took nothing more; what was asked was not done.</summary>
    void NoRoom(int shard, IOException why);

    /// <summary>The replicas cannot go on in this process.</summary>
    /// <param name="shard">At whose part of a turn it showed; null where it was nobody's alone.</param>
    void Failed(int? shard, Exception fault);
}
