using System.Collections.Immutable;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>How a node keeps its part of the replicated state.</summary>
internal sealed record ConsensusOptions
{
    /// <summary>Its own alone.</summary>
    public required string Directory { get; init; }

    public required string Cluster { get; init; }

    /// <summary>This node's name.</summary>
    public required string Name { get; init; }

    public required string Region { get; init; }

    public ImmutableArray<Peer> Peers { get; init; } = [];

    /// <summary>How many shards the key space is split into. 1 to 64, fixed at the first start; default 4.</summary>
    public int Shards { get; init; } = DefaultShards;

    /// <summary>Which node leads a shard while it can; the others are spread over the nodes.</summary>
    public ImmutableDictionary<int, string> Leaders { get; init; } = ImmutableDictionary<int, string>.Empty;

    /// <summary>Makes a connection to a peer a private one; by default it stays as it is.</summary>
    public Func<Stream, Peer, CancellationToken, ValueTask<Stream>> Secure { get; init; } = (stream, _, _) => new(stream);

    /// <summary>How long a command or a question waits for somebody who can answer it. 1 s to 1 min; default 5 s: an election and some.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public RaftOptions Raft { get; init; } = new();

    public const int DefaultShards = 4;

    /// <summary>The node that should lead a shard: by default they take turns, in order of their names.</summary>
    public string PreferredOf(int shard)
    {
        var names = Peers.Select(peer => peer.Name).Append(Name).Order(StringComparer.Ordinal).ToArray();
        return Leaders.GetValueOrDefault(shard) ?? names[shard % names.Length];
    }
}
