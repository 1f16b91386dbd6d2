namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>A command on its way through the log of this node, the leader.</summary>
internal sealed class Proposal(ReadOnlyMemory<byte> command) : TaskCompletionSource<ProposalOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public ReadOnlyMemory<byte> Command => command;

    /// <summary>The term in which it was appended: an entry of another one at its place is somebody else's.</summary>
    public long Term { get; set; }
}

/// <summary>What became of a proposal.</summary>
/// <param name="Answer">What the machine said, where <paramref name="Fate"/> is applied.</param>
internal readonly record struct ProposalOutcome(ProposalFate Fate, ReadOnlyMemory<byte> Answer = default);

internal enum ProposalFate
{
    Applied,

    /// <summary>It stands in no log: this node does not lead.</summary>
    NotTaken,

    /// <summary>It stood in this node's log and another leader's entry took its place for ever.</summary>
    Replaced,

    /// <summary>The disk has no room for it.</summary>
    NoRoom,

    /// <summary>It stands in the log and may be applied.</summary>
    Unknown,
}

/// <summary>A reading that waits for the proof that this node leads.</summary>
internal sealed class Reading() : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long Round { get; set; }

    public long Index { get; set; }
}
