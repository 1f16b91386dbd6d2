using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>How one shard's replica runs.</summary>
internal sealed record GroupOptions
{
    public required int Shard { get; init; }

    /// <summary>This node's id as a member.</summary>
    public required string Self { get; init; }

    /// <summary>The directory of its log.</summary>
    public required string Directory { get; init; }

    /// <summary>The node that should lead it while it can.</summary>
    public required string? Preferred { get; init; }

    public RaftOptions Raft { get; init; } = new();

    /// <summary>Entries after which the state is saved and the log cut. 1,000 or more; default 50,000.</summary>
    public long SnapshotEvery { get; init; } = 50_000;

    /// <summary>Entries that stay in the log before a snapshot, for followers that are a little behind. Default 10,000.</summary>
    public long KeptEntries { get; init; } = 10_000;
}
