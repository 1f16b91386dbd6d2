using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>Who this node is among the others.</summary>
internal sealed class MeshOptions
{
    /// <summary>What it says of itself at this moment.</summary>
    public required Func<Hello> Self { get; init; }

    /// <summary>The other nodes.</summary>
    public required IReadOnlyCollection<Peer> Peers { get; init; }

    /// <summary>Makes a connection to a peer a private one, where that is wanted.</summary>
    public required Func<Stream, Peer, CancellationToken, ValueTask<Stream>> Secure { get; init; }

    /// <summary>Why the other end must not be spoken to; null when it may.</summary>
    /// <param name="expected">The name that it should have; null for any peer's.</param>
    public string? WhyNot(Hello other, string? expected)
    {
        var self = Self();
        var name = Member.NameOf(other.Id);
        return other.Cluster != self.Cluster ? $"a node of the cluster {other.Cluster} answers, and this one is of the cluster {self.Cluster}"
            : other.Shards != self.Shards ? $"{name} splits its state into {other.Shards} shards, and this node into {self.Shards}"
            : expected is not null && name != expected ? $"{name} answers where {expected} should be"
            : !other.Founders.IsEmpty && !self.Founders.IsEmpty && !other.Founders.SequenceEqual(self.Founders) ? $"{name} belongs to another founding of the cluster {self.Cluster} than {Member.NameOf(self.Id)}: one of them was restored from a backup, or founded apart, and one has to begin with an empty data directory"
            : Peers.All(peer => peer.Name != name) ? $"{name} is no peer of {Member.NameOf(self.Id)}"
            : null;
    }
}
