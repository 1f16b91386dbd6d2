namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>Who belongs, and who should lead.</summary>
internal sealed partial class RaftCore
{
    private string? _heir;
    private long _heirDeadline;
    private long _nextHandOver;

    /// <summary>Changes the members by one voter at most. False where that cannot be now: ask again later.</summary>
    public bool Change(IEnumerable<Member> members)
    {
        if (!IsEstablished || Members.Index > Commit)
            return false;
        var next = Membership.Of(_log.LastIndex + 1, members);
        if (VotersApart(Members, next) > 1 || !next.Voters.Any())
            return false;
        try
        {
            _log.Append([new LogEntry(next.Index, Term, EntryKind.Members, 0, next.Encode())]);
        }
        catch (NoRoomException)
        {
            return false;
        }
        Attend();
        return true;
    }

    /// <summary>
    /// A node answers by this id now. Where its name is a member's under another id, its disk was wiped: it begins again as
    /// a learner, and what it once acknowledged or voted counts no more.
    /// </summary>
    public void Met(string id, long now)
    {
        _now = now;
        if (Role == Role.Leader && Members.Find(id) is null && Members.All.FirstOrDefault(member => member.Name == Member.NameOf(id)) is { } before && before.Id != Self)
            Change([.. Members.All.Where(member => member != before), new Member(id, IsVoter: false)]);
    }

    /// <summary>Hands leadership to a member once it has everything.</summary>
    public bool HandOver(string? to)
    {
        if (Role != Role.Leader || to is null || !_others.TryGetValue(to, out var progress))
            return false;
        _heir = to;
        _heirDeadline = _now + Milliseconds(_options.ElectionTimeout);
        TryHandOver(to, progress);
        return true;
    }

    /// <summary>Hands leadership to whoever has most.</summary>
    public bool HandOver() => HandOver(Successor());

    private void TryHandOver(string id, Progress progress)
    {
        if (_heir == id && progress.Match == _log.LastIndex && progress.Pace == Pace.Streaming)
            Send(id, new TimeoutNow(Term));
    }

    private void TickHandOver()
    {
        if (_heir is not null && _now >= _heirDeadline)
            _heir = null;
        if (_now < _nextHandOver || _heir is not null)
            return;
        _nextHandOver = _now + Milliseconds(_options.HandOverInterval);
        if (IsLeaving)
            HandOver(Successor());
        else if (_preferred is not null && Member.NameOf(Self) != _preferred && IsEstablished)
            HandOver(_others.Keys.FirstOrDefault(id => Member.NameOf(id) == _preferred && CanLead(id)));
    }

    /// <summary>Learners that have caught up become voters.</summary>
    private void TickMembers()
    {
        if (!IsEstablished || Members.Index > Commit)
            return;
        var ready = Members.All.FirstOrDefault(member => !member.IsVoter && IsCaughtUp(member.Id));
        if (ready is not null)
            Change(Members.All.Select(member => member == ready ? ready with { IsVoter = true } : member));
    }

    private string? Successor() => _others.Keys.Where(CanLead).MaxBy(id => _others[id].Match);

    private bool CanLead(string id) => Members.IsVoter(id) && IsCaughtUp(id) && !_others[id].IsLeaving;

    private bool IsCaughtUp(string id) => _others.TryGetValue(id, out var progress)
        && progress.Pace == Pace.Streaming
        && _log.LastIndex - progress.Match <= _options.CaughtUp
        && _now - progress.HeardAt < Milliseconds(_options.ElectionTimeout);

    private static int VotersApart(Membership one, Membership other) =>
        one.Voters.Count(voter => !other.IsVoter(voter.Id)) + other.Voters.Count(voter => !one.IsVoter(voter.Id));
}
