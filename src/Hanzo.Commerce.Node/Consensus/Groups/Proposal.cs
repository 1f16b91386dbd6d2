namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>A command on its way through the log of this node, the leader.</summary>
/// <param name="left">How long its caller waits: what comes to the log only later is not taken.</param>
internal abstract class Proposal(ReadOnlyMemory<byte> command, TimeSpan left)
{
    public ReadOnlyMemory<byte> Command => command;

    public TimeSpan Left => left;

    /// <summary>Until when it may be taken, in milliseconds of the replica.</summary>
    public long Until { get; set; }

    /// <summary>The term in which it was appended: an entry of another one at its place is somebody else's.</summary>
    public long Term { get; set; }

    /// <summary>Told once what became of it, on the replica's thread: it neither waits nor throws.</summary>
    public abstract void Complete(ProposalOutcome outcome);

    /// <summary>Told once what became of it, together with others.</summary>
    public virtual void Complete(ProposalOutcome outcome, Completions<ProposalOutcome> together) => Complete(outcome);
}

/// <summary>A command that is waited for here.</summary>
internal sealed class OwnProposal(ReadOnlyMemory<byte> command, TimeSpan left) : Proposal(command, left)
{
    // Only completions complete it, which run what goes on then on the pool.
    private readonly TaskCompletionSource<ProposalOutcome> _outcome = new();

    public Task<ProposalOutcome> Outcome => _outcome.Task;

    public override void Complete(ProposalOutcome outcome) => Completions<ProposalOutcome>.Complete(_outcome, outcome);

    public override void Complete(ProposalOutcome outcome, Completions<ProposalOutcome> together) => together.Add(_outcome, outcome);
}

/// <summary>A command that is waited for elsewhere.</summary>
internal sealed class PassedOnProposal(ReadOnlyMemory<byte> command, TimeSpan left, Action<ProposalOutcome> complete) : Proposal(command, left)
{
    public override void Complete(ProposalOutcome outcome) => complete(outcome);
}

/// <summary>What became of a proposal.</summary>
/// <param name="Answer">What the machine said, where <paramref name="Fate"/> is applied.</param>
internal readonly record struct ProposalOutcome(ProposalFate Fate, ReadOnlyMemory<byte> Answer = default);

internal enum ProposalFate
{
    Applied,

    /// <summary>It stands in no log: this node does not lead, or it came too late.</summary>
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
