namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>What a follower does with what its leader sends.</summary>
internal sealed partial class RaftCore
{
    /// <summary>A snapshot that a leader sent and that covers more than this member has; whoever runs the member takes it.</summary>
    public InstallSnapshot? Arrived { get; set; }

    /// <summary>The snapshot is this member's now, on disk and in its state.</summary>
    public void Installed(InstallSnapshot snapshot, string from)
    {
        Commit = Math.Max(Commit, snapshot.Index);
        Reply(from, new AppendReply(Term, IsAccepted: true, snapshot.Index, Round: 0, IsLeaving));
    }

    private void Follow(string from, AppendEntries append)
    {
        if (append.Term < Term)
        {
            Reply(from, new AppendReply(Term, IsAccepted: false, _log.LastIndex, append.Round, IsLeaving));
            return;
        }
        Believe(from, append.Term);
        if (append.PreviousIndex > Commit && _log.TermAt(append.PreviousIndex) != append.PreviousTerm)
        {
            Reply(from, new AppendReply(Term, IsAccepted: false, Agreeing(append.PreviousIndex), append.Round, IsLeaving));
            return;
        }
        Take(append.Entries);
        var last = append.PreviousIndex + append.Entries.Count;
        Commit = Math.Max(Commit, Math.Min(append.Commit, last));
        Reply(from, new AppendReply(Term, IsAccepted: true, last, append.Round, IsLeaving));
    }

    private void Follow(string from, InstallSnapshot snapshot)
    {
        if (snapshot.Term < Term)
        {
            Reply(from, new AppendReply(Term, IsAccepted: false, _log.LastIndex, Round: 0, IsLeaving));
            return;
        }
        Believe(from, snapshot.Term);
        if (snapshot.Index <= Commit)
            Reply(from, new AppendReply(Term, IsAccepted: true, Commit, Round: 0, IsLeaving));
        else
            Arrived = snapshot;
    }

    private void Believe(string leader, long term)
    {
        if (term > Term || Role != Role.Follower)
            StepDown(term, leader);
        Leader = leader;
        _leaderHeardAt = _now;
        _electionDeadline = _now + Milliseconds(_options.ElectionTimeout) + Within(_options.ElectionTimeout);
    }

    /// <summary>
    /// Takes what is new. Entries that are here already stay untouched, whatever comes late or twice: only one of another
    /// term shows that the leader's log parts from this one, and only from there on is anything removed.
    /// </summary>
    private void Take(IReadOnlyList<LogEntry> entries)
    {
        var known = 0;
        while (known < entries.Count && (entries[known].Index <= Commit || _log.TermAt(entries[known].Index) == entries[known].Term))
            known++;
        if (known == entries.Count)
            return;
        if (entries[known].Index <= _log.LastIndex)
            _log.Truncate(entries[known].Index);
        _log.Append(known == 0 ? entries : [.. entries.Skip(known)]);
    }

    /// <summary>Where the leader should look next: before the whole term that does not agree, not entry by entry.</summary>
    private long Agreeing(long index)
    {
        if (index > _log.LastIndex)
            return _log.LastIndex;
        var term = _log.TermAt(index);
        while (index > Commit && _log.TermAt(index) == term)
            index--;
        return index;
    }

    private void Reply(string to, AppendReply reply) => Send(to, reply, afterSync: true);
}
