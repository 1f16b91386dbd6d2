namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>What a leader does.</summary>
internal sealed partial class RaftCore
{
    private readonly Dictionary<string, Progress> _others = [];
    private long _nextHeartbeat;
    private long _nextQuorumCheck;
    private long _round;
    private bool _isRoundDue;

    /// <summary>The highest round that proves that this member led when it began; 0 when it does not lead.</summary>
    public long ConfirmedRound => Role == Role.Leader ? Members.ReachedByMajority(id => id == Self ? _round : _others.GetValueOrDefault(id)?.Round ?? 0) : 0;

    /// <summary>Whether something of its own term is decided, so that its commit index is not behind an earlier leader's.</summary>
    private bool IsEstablished => Role == Role.Leader && _log.TermAt(Commit) == Term;

    public bool TakesCommands => IsEstablished && _heir is null;

    public Progress? ProgressOf(string id) => _others.GetValueOrDefault(id);

    /// <summary>Appends commands; <see cref="Pump"/> sends them. The first's index, or null where this member does not take commands.</summary>
    /// <exception cref="NoRoomException">They are nowhere.</exception>
    public long? Propose(IReadOnlyList<ReadOnlyMemory<byte>> commands, long stamp)
    {
        if (!TakesCommands)
            return null;
        var first = _log.LastIndex + 1;
        _log.Append([.. commands.Select((command, i) => new LogEntry(first + i, Term, EntryKind.Command, stamp, command))]);
        return first;
    }

    /// <summary>Begins to confirm a reading: the round to wait for in <see cref="ConfirmedRound"/>, and how far the reading's state must be.</summary>
    public (long Round, long Index)? BeginRead()
    {
        if (!IsEstablished)
            return null;
        // All readings that came since the last round share the next one.
        if (!_isRoundDue)
            _round++;
        _isRoundDue = true;
        return (_round, Commit);
    }

    /// <summary>Puts what is due for the other members into the outbox.</summary>
    public void Pump()
    {
        if (Role != Role.Leader)
            return;
        foreach (var (id, progress) in _others)
        {
            if (!SendEntries(id, progress) && _isRoundDue)
                SendHeartbeat(id, progress);
        }
        _isRoundDue = false;
    }

    private void Lead()
    {
        Role = Role.Leader;
        Leader = Self;
        _heir = null;
        _round = 0;
        _others.Clear();
        Attend();
        _nextHeartbeat = _now + Milliseconds(_options.Heartbeat);
        _nextQuorumCheck = _now + Milliseconds(_options.ElectionTimeout);
        _nextHandOver = _now + Milliseconds(_options.HandOverInterval);
        try
        {
            _log.Append([new LogEntry(_log.LastIndex + 1, Term, EntryKind.TermStart, 0, default)]);
        }
        catch (NoRoomException)
        {
            // Without room for one entry there is nothing to lead.
            StepDown(Term, leader: null);
            return;
        }
        _isRoundDue = true;
    }

    /// <summary>Follows the members as they are: those that came are attended to, those that went are not.</summary>
    private void Attend()
    {
        foreach (var member in Members.All.Where(member => member.Id != Self))
            _others.TryAdd(member.Id, new Progress(_log.LastIndex + 1, _now));
        foreach (var gone in _others.Keys.Where(id => Members.Find(id) is null).ToArray())
            _others.Remove(gone);
    }

    private void TickLeader()
    {
        if (_now >= _nextQuorumCheck)
        {
            _nextQuorumCheck = _now + Milliseconds(_options.ElectionTimeout) / 4;
            if (_now - MajorityHeardAt() >= Milliseconds(_options.ElectionTimeout))
            {
                StepDown(Term, leader: null);
                return;
            }
        }
        TickMembers();
        TickHandOver();
        if (Role != Role.Leader || _now < _nextHeartbeat)
            return;
        _nextHeartbeat = _now + Milliseconds(_options.Heartbeat);
        foreach (var (id, progress) in _others)
        {
            progress.IsWaiting = false;
            SendHeartbeat(id, progress);
        }
    }

    private long MajorityHeardAt() => Members.ReachedByMajority(id => id == Self ? _now : _others.GetValueOrDefault(id)?.HeardAt ?? 0);

    private bool SendEntries(string id, Progress progress)
    {
        var sent = false;
        while (progress.Next <= _log.LastIndex && progress.Pace != Pace.Snapshot && !progress.IsWaiting && progress.Next - 1 - progress.Match < _options.Pipeline)
        {
            if (PreviousTerm(id, progress) is not { } term)
                return true;
            var entries = _log.Read(progress.Next, _options.BatchEntries, _options.BatchBytes);
            Send(id, new AppendEntries(Term, progress.Next - 1, term, Commit, _round, entries));
            progress.Next += entries.Count;
            if (progress.Pace == Pace.Probing)
            {
                progress.IsWaiting = true;
                progress.Next -= entries.Count;
            }
            sent = true;
        }
        return sent;
    }

    private void SendHeartbeat(string id, Progress progress)
    {
        // To a member that waits for a snapshot nothing can be compared; it only hears who leads.
        if (progress.Pace == Pace.Snapshot)
            Send(id, new AppendEntries(Term, 0, 0, 0, _round, []));
        else if (PreviousTerm(id, progress) is { } term)
            Send(id, new AppendEntries(Term, progress.Next - 1, term, Commit, _round, []));
    }

    /// <summary>The term of the entry before the next one; null when that is only in a snapshot, which is then on its way.</summary>
    private long? PreviousTerm(string id, Progress progress)
    {
        if (progress.Next >= _log.FirstIndex && _log.TermAt(progress.Next - 1) is { } term)
            return term;
        progress.Pace = Pace.Snapshot;
        progress.SnapshotIndex = _log.SnapshotIndex;
        Send(id, new InstallSnapshot(Term, _log.SnapshotIndex, _log.TermAt(_log.SnapshotIndex)!.Value, _log.SnapshotMembers, _log.SnapshotContent));
        return null;
    }

    private void Acknowledge(string from, AppendReply reply)
    {
        if (reply.Term > Term)
        {
            StepDown(reply.Term, leader: null);
            return;
        }
        if (Role != Role.Leader || reply.Term < Term || !_others.TryGetValue(from, out var progress))
            return;
        progress.HeardAt = _now;
        progress.IsLeaving = reply.IsLeaving;
        progress.Round = Math.Max(progress.Round, reply.Round);
        if (reply.IsAccepted)
            Accepted(progress, reply.Index);
        else
            Refused(progress, reply.Index);
        TryHandOver(from, progress);
    }

    private void Accepted(Progress progress, long index)
    {
        if (index > progress.Match)
        {
            progress.Match = index;
            progress.Next = Math.Max(progress.Next, index + 1);
            AdvanceCommit();
        }
        if (progress.Pace == Pace.Snapshot && progress.Match < progress.SnapshotIndex)
            return;
        progress.IsWaiting = false;
        if (progress.Pace != Pace.Streaming)
            progress.Next = progress.Match + 1;
        progress.Pace = Pace.Streaming;
    }

    private static void Refused(Progress progress, long index)
    {
        // Late words of before, or what a snapshot under way will mend.
        if (progress.Pace == Pace.Snapshot || index < progress.Match)
            return;
        var next = Math.Min(index + 1, progress.Next);
        progress.Probe();
        progress.Next = Math.Max(progress.Match + 1, next);
    }

    /// <summary>The snapshot could not be brought to a member.</summary>
    public void SnapshotFailed(string id)
    {
        if (_others.TryGetValue(id, out var progress) && progress.Pace == Pace.Snapshot)
            progress.Probe();
    }

    private void AdvanceCommit()
    {
        if (Role != Role.Leader)
            return;
        var reached = Members.ReachedByMajority(id => id == Self ? _log.SyncedIndex : _others.GetValueOrDefault(id)?.Match ?? 0);
        // Entries of earlier terms are decided only together with one of this term (Raft paper, 5.4.2).
        if (reached <= Commit || _log.TermAt(reached) != Term)
            return;
        Commit = reached;
        if (Members.Index <= Commit && Members.Find(Self) is null)
            StepDown(Term, leader: null);
    }
}
