namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>What members of one log tell each other. The names are those of the Raft paper.</summary>
/// <param name="Term">The sender's term, or for a pre-vote the one it would begin.</param>
internal abstract record Message(long Term);

/// <param name="IsPreVote">Asks only whether a vote would be given; nothing changes by it.</param>
/// <param name="IsTransfer">The leader itself asked the sender to take over: it is not to be protected from it.</param>
internal sealed record RequestVote(long Term, long LastIndex, long LastTerm, bool IsPreVote, bool IsTransfer) : Message(Term);

internal sealed record VoteReply(long Term, bool IsGranted, bool IsPreVote) : Message(Term);

/// <param name="Round">Grows with each broadcast of the leader; told back, it proves that the leader still led then.</param>
internal sealed record AppendEntries(long Term, long PreviousIndex, long PreviousTerm, long Commit, long Round, IReadOnlyList<LogEntry> Entries) : Message(Term);

/// <param name="IsAccepted">Whether the entry before was there.</param>
/// <param name="Index">Accepted: up to here the log is the leader's, on disk. Otherwise: try again from here.</param>
/// <param name="IsLeaving">The sender shuts down: leadership is not for it.</param>
internal sealed record AppendReply(long Term, bool IsAccepted, long Index, long Round, bool IsLeaving) : Message(Term);

/// <param name="Index">The last entry that is in the snapshot.</param>
/// <param name="Content">What carries it: a file, or in a simulation the state.</param>
internal sealed record InstallSnapshot(long Term, long Index, long LastTerm, Membership Members, object Content) : Message(Term);

/// <summary>Begin an election at once.</summary>
internal sealed record TimeoutNow(long Term) : Message(Term);

/// <summary>A message on its way out.</summary>
/// <param name="AfterSync">It acknowledges what must be on disk first.</param>
internal readonly record struct Outgoing(string To, Message Message, bool AfterSync);
