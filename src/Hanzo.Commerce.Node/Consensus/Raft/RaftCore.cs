namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>
/// One member of a replicated log: Raft (Ongaro, "Consensus: bridging theory and practice", 2014) as a machine that is told
/// what happened and says what is to be sent. It reads no clock and opens no socket, so whole clusters of it run in a test,
/// with every message delayed, lost or doubled by a seed.
///
/// Beyond the paper's core: pre-votes and a leader that is believed while it is heard (9.6), so that a member that comes
/// back disturbs nobody; entries streamed to followers without waiting for answers; a leader that steps down when it hears
/// of no majority; hand-over of leadership (3.10); one member changed at a time (4.1), new ones as learners first;
/// readings confirmed by one exchange with a majority (6.4).
///
/// Who runs it calls one method at a time, then <see cref="Pump"/>, sends what is in <see cref="Outbox"/>, syncs the log,
/// calls <see cref="Synced"/> and sends the rest.
/// </summary>
internal sealed partial class RaftCore
{
    private readonly IRaftLog _log;
    private readonly RaftOptions _options;
    private readonly Random _random;
    private readonly string? _preferred;
    /// <summary>A year before the clock began.</summary>
    private const long LongAgo = -365L * 24 * 3600 * 1000;

    private long _now;
    private long _electionDeadline;
    private long _leaderHeardAt = LongAgo;

    /// <param name="self">This member's id.</param>
    /// <param name="preferred">The name of the node that should lead while it can; null for no preference.</param>
    /// <param name="now">Milliseconds, from any beginning.</param>
    public RaftCore(string self, IRaftLog log, RaftOptions options, string? preferred, Random random, long now)
    {
        (Self, _log, _options, _preferred, _random, _now) = (self, log, options, preferred, random, now);
        Commit = log.SnapshotIndex;
        Hasten();
    }

    public string Self { get; }

    public Role Role { get; private set; }

    public long Term => _log.Term;

    /// <summary>Who leads as far as this member knows; null for nobody.</summary>
    public string? Leader { get; private set; }

    /// <summary>Every entry up to here is decided for ever.</summary>
    public long Commit { get; private set; }

    public Membership Members => _log.Members;

    /// <summary>Shuts down: it does not stand for election, and hands over what it leads.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>What is to be sent, in order. Who sends it empties it.</summary>
    public List<Outgoing> Outbox { get; } = [];

    private TimeSpan LeaderSilence => TimeSpan.FromMilliseconds(_now - _leaderHeardAt);

    /// <summary>How long nothing proved that this member still belongs to a led majority.</summary>
    public TimeSpan Silence => Role == Role.Leader ? TimeSpan.FromMilliseconds(_now - MajorityHeardAt()) : LeaderSilence;

    /// <summary>Time went on.</summary>
    public void Tick(long now)
    {
        _now = now;
        if (Role == Role.Leader)
            TickLeader();
        else if (now >= _electionDeadline)
            Stand();
    }

    /// <summary>A message came.</summary>
    /// <exception cref="NoRoomException">The disk did not take what it brought: as if it had not come.</exception>
    public void Step(string from, Message message, long now)
    {
        _now = now;
        switch (message)
        {
            case RequestVote request:
                Answer(from, request);
                break;
            case VoteReply reply:
                Count(from, reply);
                break;
            case AppendEntries append:
                Follow(from, append);
                break;
            case AppendReply reply:
                Acknowledge(from, reply);
                break;
            case InstallSnapshot snapshot:
                Follow(from, snapshot);
                break;
            case TimeoutNow now_ when now_.Term == Term && Members.IsVoter(Self) && !IsLeaving:
                Campaign(isTransfer: true);
                break;
        }
    }

    /// <summary>What was written is on disk now.</summary>
    public void Synced()
    {
        if (Role == Role.Leader)
            AdvanceCommit();
    }

    /// <summary>The connection to a member broke: what was on its way is lost, and a process that ended needs no timeout.</summary>
    public void Lost(string id, long now)
    {
        _now = now;
        if (_others.TryGetValue(id, out var progress))
            progress.Probe();
        if (Leader != id || Role == Role.Leader)
            return;
        Leader = null;
        _leaderHeardAt = LongAgo;
        _electionDeadline = Math.Min(_electionDeadline, now + 50 + Within(_options.AfterLostConnection));
    }

    /// <summary>The log has its founders now.</summary>
    public void Founded(long now)
    {
        _now = now;
        Hasten();
    }

    /// <summary>Begins to shut down.</summary>
    public void Leave(long now)
    {
        _now = now;
        IsLeaving = true;
        if (Role == Role.Leader)
            HandOver(Successor());
    }

    private void StepDown(long term, string? leader)
    {
        if (term > Term)
            _log.SetTerm(term, null);
        Role = Role.Follower;
        Leader = leader;
        _others.Clear();
        _heir = null;
        _electionDeadline = _now + Milliseconds(_options.ElectionTimeout) + Within(_options.ElectionTimeout);
    }

    /// <summary>At the beginning nobody is disturbed: who is alone waits for nobody, and who should lead stands first.</summary>
    private void Hasten() => _electionDeadline = _now + (Members.All.Length == 1 ? 0
        : Member.NameOf(Self) == _preferred ? Within(TimeSpan.FromMilliseconds(100))
        : Milliseconds(_options.ElectionTimeout) + Within(_options.ElectionTimeout));

    private void Send(string to, Message message, bool afterSync = false) => Outbox.Add(new Outgoing(to, message, afterSync));

    private long Within(TimeSpan span) => _random.NextInt64(Math.Max(1, Milliseconds(span)));

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}

internal enum Role
{
    Follower,

    Candidate,

    Leader,
}
