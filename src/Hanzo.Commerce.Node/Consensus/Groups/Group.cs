using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>One shard's replica: what it does in each turn of its node's loop, and what others ask of it.</summary>
internal sealed partial class Group : IDisposable
{
    private readonly GroupOptions _options;
    private readonly IShardMachine _machine;
    private readonly DiskLog _log;
    private readonly RaftCore _core;
    private readonly IGroupHost _host;
    private readonly GroupLoop _loop;
    private readonly TimeProvider _time;
    private Inbox _inbox = new();
    private Inbox _taken = new();
    private bool _isInTurn;
    private bool _isTick;

    public Group(GroupOptions options, DiskLog log, IShardMachine machine, IGroupHost host, GroupLoop loop, Random random, TimeProvider time)
    {
        (_options, _log, _machine, _host, _loop, _time) = (options, log, machine, host, loop, time);
        try
        {
            _log.Snapshot?.Read(machine.Load);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or System.Text.Json.JsonException)
        {
            throw new DamagedLogException(_log.Snapshot!.Path, $"its state cannot be read: {unreadable.Message}");
        }
        _applied = _log.SnapshotIndex;
        _core = new RaftCore(options.Self, _log, options.Raft, options.Preferred, random, Now());
        Publish();
    }

    public int Shard => _options.Shard;

    /// <summary>Commands that wait for their place in the log to be decided.</summary>
    public int UnderWay => _pending.Count;

    /// <summary>Whether there is so much to apply that it is worth a thread of its own.</summary>
    public bool IsFarBehind => _isInTurn && _core.Commit - _applied > Batch;

    /// <summary>Whether there is something to do for it. Asked by the loop, like everything below, up to <see cref="FailAll"/>.</summary>
    public bool IsDue => _arriving is { } arriving ? arriving.IsCompleted : !_inbox.IsEmpty || _applied < _core.Commit;

    /// <summary>Puts a command into the log, if this node leads.</summary>
    /// <param name="left">How long the caller waits; null for as long as it takes.</param>
    public Task<ProposalOutcome> Propose(ReadOnlyMemory<byte> command, TimeSpan? left = null)
    {
        var proposal = new OwnProposal(command, left ?? TimeSpan.MaxValue);
        Propose(proposal);
        return proposal.Outcome;
    }

    public void Propose(Proposal proposal)
    {
        proposal.Until = (long)Math.Min(long.MaxValue, Now() + proposal.Left.TotalMilliseconds);
        if (!_loop.Put(() => _inbox.Proposals.Add(proposal)))
            proposal.Complete(new ProposalOutcome(ProposalFate.NotTaken));
    }

    /// <summary>Completes with true when the state here holds everything that was acknowledged before the call; false where this node does not lead.</summary>
    public Task<bool> Confirm()
    {
        var reading = new Reading();
        return _loop.Put(() => _inbox.Readings.Add(reading)) ? reading.Task : Task.FromResult(false);
    }

    public void Receive(string from, Message message) => _loop.Put(() => _inbox.Messages.Enqueue((from, message)));

    public void Met(string id) => Do(() => _known[Member.NameOf(id)] = id);

    public void Lost(string id) => Do(() => _core.Lost(id, Now()));

    public void Found(Membership founders) => Do(() =>
    {
        _log.Found(founders);
        _core.Founded(Now());
    });

    /// <summary>Hands over what it leads and stands for no election any more.</summary>
    public void Leave() => Do(() => _core.Leave(Now()));

    public void SnapshotFailed(string id) => Do(() => _core.SnapshotFailed(id));

    /// <summary>Asks the leader's core to change the members; false where it cannot now.</summary>
    public Task<bool> Change(Func<Membership, IEnumerable<Member>> change) => Ask(() => _core.Change(change(_core.Members)));

    /// <summary>Makes what came up to now its part of the coming turn, unless there is nothing to do for it, or it is being replaced.</summary>
    public void Collect(bool isTick)
    {
        _isInTurn = IsDue || (isTick && _arriving is null);
        _isTick = isTick;
        // What came together with a snapshot waited for that, and goes first.
        if (_isInTurn && _taken.IsEmpty)
            (_inbox, _taken) = (_taken, _inbox);
    }

    /// <summary>Takes what came, and sends what need not be on this node's disk first.</summary>
    /// <returns>How many entries the log grew by.</returns>
    public long Begin(long now)
    {
        if (!_isInTurn)
            return 0;
        var last = _log.LastIndex;
        FinishInstalling();
        if (_isTick)
        {
            _core.Tick(now);
            foreach (var id in _known.Values)
                _core.Met(id, now);
        }
        _isInTurn = Take(now);
        if (_isInTurn)
        {
            _core.Pump();
            Deliver(isSynced: false);
        }
        return Math.Max(0, _log.LastIndex - last);
    }

    /// <summary>Sends what may be sent now that the disk has it.</summary>
    public void Acknowledge()
    {
        if (!_isInTurn)
            return;
        _core.Synced();
        Deliver(isSynced: true);
    }

    /// <summary>Applies what is decided. It touches nothing that another replica touches.</summary>
    public void Apply()
    {
        if (_isInTurn)
            Apply(Now() + ApplySlice);
    }

    public void End()
    {
        if (!_isInTurn)
            return;
        Complete();
        Publish();
        SaveIfDue();
    }

    public void Dispose()
    {
        // Its fault, if it has one, is found again at the next start.
        Task.WhenAny(_arriving ?? Task.CompletedTask).Wait();
        _saving.Wait();
    }

    private void Do(Action action) => _loop.Put(() => _inbox.Actions.Add(action));

    private async Task<T> Ask<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_loop.Put(() => _inbox.Actions.Add(() => answer.SetResult(question()))))
            throw new OperationCanceledException("The node stops.");
        return await answer.Task;
    }

    /// <summary>Takes what came; false where another member's state came, behind which the rest has to wait.</summary>
    private bool Take(long now)
    {
        foreach (var action in _taken.Actions)
            action();
        _taken.Actions.Clear();
        while (_taken.Messages.TryDequeue(out var came))
        {
            Hear(came.From, came.Message, now);
            if (_arriving is not null)
                return false;
        }
        Take(Due(_taken.Proposals));
        Begin(_taken.Readings);
        Remove();
        _taken.Clear();
        return true;
    }

    private void Hear(string from, Message message, long now)
    {
        try
        {
            _core.Step(from, message, now);
        }
        catch (NoRoomException full)
        {
            _host.NoRoom(_options.Shard, full);
        }
        if (_core.Arrived is { } snapshot)
        {
            _core.Arrived = null;
            Install(from, snapshot);
        }
        else if (message is InstallSnapshot { Content: SnapshotFile unneeded })
        {
            File.Delete(unneeded.Path);
        }
    }

    /// <summary>Sends what may be sent now. A leader's entries leave before its own disk has them, so that both disks work at once.</summary>
    private void Deliver(bool isSynced)
    {
        var outbox = _core.Outbox;
        var left = 0;
        for (var i = 0; i < outbox.Count; i++)
        {
            var outgoing = outbox[i];
            if (outgoing.AfterSync && !isSynced)
                outbox[left++] = outgoing;
            else
                _host.Send(_options.Shard, outgoing.To, outgoing.Message);
        }
        outbox.RemoveRange(left, outbox.Count - left);
    }

    private long Now() => _loop.Now;

    /// <summary>What came since the last turn.</summary>
    private sealed class Inbox
    {
        public List<Action> Actions { get; } = [];

        public Queue<(string From, Message Message)> Messages { get; } = [];

        public List<Proposal> Proposals { get; } = [];

        public List<Reading> Readings { get; } = [];

        public bool IsEmpty => Actions.Count + Messages.Count + Proposals.Count + Readings.Count == 0;

        public void Clear()
        {
            Actions.Clear();
            Messages.Clear();
            Proposals.Clear();
            Readings.Clear();
        }
    }
}
