namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>How a leader is found.</summary>
internal sealed partial class RaftCore
{
    private readonly HashSet<string> _votes = [];
    private bool _isPreVote;

    private bool BelievesItsLeader => Role == Role.Leader
        ? _now - MajorityHeardAt() < Milliseconds(_options.ElectionTimeout)
        : Leader is not null && LeaderSilence < _options.ElectionTimeout;

    private bool IsStanding => Role == Role.Candidate && _isPreVote;

    /// <summary>Asks first whether an election could be won: a member that cannot win begins no term.</summary>
    private void Stand()
    {
        if (!Members.IsVoter(Self) || IsLeaving)
        {
            Leader = LeaderSilence < _options.ElectionTimeout ? Leader : null;
            _electionDeadline = _now + Milliseconds(_options.ElectionTimeout) + Within(_options.ElectionTimeout);
            return;
        }
        BeginVoting(isPreVote: true);
        Ask(new RequestVote(Term + 1, _log.LastIndex, LastTerm(), IsPreVote: true, IsTransfer: false));
    }

    private void Campaign(bool isTransfer)
    {
        _log.SetTerm(Term + 1, Self);
        BeginVoting(isPreVote: false);
        Ask(new RequestVote(Term, _log.LastIndex, LastTerm(), IsPreVote: false, isTransfer));
    }

    private void BeginVoting(bool isPreVote)
    {
        Role = Role.Candidate;
        Leader = null;
        _isPreVote = isPreVote;
        _votes.Clear();
        _electionDeadline = _now + Milliseconds(_options.ElectionTimeout) + Within(_options.ElectionTimeout);
    }

    private void Ask(RequestVote request)
    {
        foreach (var voter in Members.Voters.Where(voter => voter.Id != Self))
            Send(voter.Id, request);
        Count(Self, isTransfer: request.IsTransfer);
    }

    private void Answer(string from, RequestVote request)
    {
        var isHeard = request.IsTransfer || !BelievesItsLeader;
        var isWinner = isHeard && Members.IsVoter(Self) && (request.LastTerm, request.LastIndex).CompareTo((LastTerm(), _log.LastIndex)) >= 0;
        if (request.IsPreVote)
        {
            var isGranted = isWinner && request.Term > Term && !GoesBefore(from, request);
            if (isGranted && IsStanding)
                StepDown(Term, leader: null);
            Send(from, new VoteReply(isGranted ? request.Term : Term, isGranted, IsPreVote: true));
            return;
        }
        if (!isHeard || request.Term < Term)
        {
            Send(from, new VoteReply(Term, IsGranted: false, IsPreVote: false));
            return;
        }
        if (request.Term > Term)
            StepDown(request.Term, leader: null);
        var votes = isWinner && Leader is null && Role == Role.Follower && (_log.Vote is null || _log.Vote == from);
        if (votes)
        {
            // On disk before it is said: a member that forgot its vote could give it twice.
            _log.SetTerm(Term, from);
            _electionDeadline = _now + Milliseconds(_options.ElectionTimeout) + Within(_options.ElectionTimeout);
        }
        Send(from, new VoteReply(Term, votes, IsPreVote: false), afterSync: true);
    }

    /// <summary>
    /// Whether this member stands too, would win as well, and goes first by its id. Two that asked each other at once and both
    /// agreed would each vote for itself, and nobody would lead until one of them tries again, an election timeout later.
    /// </summary>
    private bool GoesBefore(string rival, RequestVote request) =>
        IsStanding && (request.LastTerm, request.LastIndex) == (LastTerm(), _log.LastIndex) && string.CompareOrdinal(Self, rival) < 0;

    private void Count(string from, VoteReply reply)
    {
        if (!reply.IsGranted && reply.Term > Term)
        {
            StepDown(reply.Term, leader: null);
            return;
        }
        if (Role == Role.Candidate && reply.IsGranted && reply.IsPreVote == _isPreVote && reply.Term == (_isPreVote ? Term + 1 : Term))
            Count(from);
    }

    private void Count(string voter, bool isTransfer = false)
    {
        _votes.Add(voter);
        if (Members.Voters.Count(member => _votes.Contains(member.Id)) < Members.Majority)
            return;
        if (_isPreVote)
            Campaign(isTransfer);
        else
            Lead();
    }

    private long LastTerm() => _log.TermAt(_log.LastIndex)!.Value;
}
