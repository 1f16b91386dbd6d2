using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>
/// One shard's replica at work: a thread that takes what came, moves the core, writes, syncs, sends and applies, over and
/// over. What comes while it syncs goes into the next turn together, so a busy shard shares each sync among many.
/// </summary>
internal sealed partial class Group : IDisposable
{
    /// <summary>How long the replica applies at a stretch before it listens again: a long replay keeps nobody from leading.</summary>
    private const long ApplySlice = 5;

    private const long TickInterval = 20;

    /// <summary>How long a busy replica lets gather what comes before it takes it.</summary>
    private const long LongestGathering = 2;

    /// <summary>Entries taken in one turn, or commands under way, by which a replica counts as busy.</summary>
    private const int Busy = 4;

    private readonly GroupOptions _options;
    private readonly IShardMachine _machine;
    private readonly DiskLog _log;
    private readonly RaftCore _core;
    private readonly IGroupHost _host;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly object _gathering = new();
    private Inbox _inbox = new();
    private Inbox _taken = new();
    private bool _isStopping;
    private long _nextTick;

    public Group(GroupOptions options, Membership founders, IShardMachine machine, IGroupHost host, Random random, TimeProvider time)
    {
        (_options, _machine, _host, _time) = (options, machine, host, time);
        _log = new DiskLog(options.Directory, founders);
        try
        {
            _log.Snapshot?.Read(machine.Load);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or System.Text.Json.JsonException)
        {
            _log.Dispose();
            throw new DamagedLogException(_log.Snapshot!.Path, $"its state cannot be read: {unreadable.Message}");
        }
        _applied = _log.SnapshotIndex;
        _core = new RaftCore(options.Self, _log, options.Raft, options.Preferred, random, Now());
        _thread = new Thread(Run) { IsBackground = true, Name = $"shard {options.Shard}" };
        Publish();
    }

    public int Shard => _options.Shard;

    public void Start() => _thread.Start();

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
        lock (_gate)
        {
            if (!_isStopping)
            {
                _inbox.Proposals.Add(proposal);
                Monitor.Pulse(_gate);
                return;
            }
        }
        proposal.Complete(new ProposalOutcome(ProposalFate.NotTaken));
    }

    /// <summary>Completes with true when the state here holds everything that was acknowledged before the call; false where this node does not lead.</summary>
    public Task<bool> Confirm()
    {
        var reading = new Reading();
        return Put(inbox => inbox.Readings.Add(reading)) ? reading.Task : Task.FromResult(false);
    }

    public void Receive(string from, Message message) => Put(inbox => inbox.Messages.Add((from, message)));

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

    public Task<GroupStatus> Status() => Ask(StatusNow);

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.Pulse(_gate);
        }
        if (_thread.IsAlive)
            _thread.Join();
        _saving.Wait();
        _log.Dispose();
    }

    private bool Put(Action<Inbox> put)
    {
        lock (_gate)
        {
            if (_isStopping)
                return false;
            put(_inbox);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    private void Do(Action action) => Put(inbox => inbox.Actions.Add(action));

    private async Task<T> Ask<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Put(inbox => inbox.Actions.Add(() => answer.SetResult(question()))))
            throw new OperationCanceledException("The node stops.");
        return await answer.Task;
    }

    private void Run()
    {
        try
        {
            while (Wait())
            {
                var (began, last) = (Now(), _log.LastIndex);
                Turn();
                if (_log.LastIndex - last >= Busy || _pending.Count >= Busy)
                    Gather(Math.Min(Now() - began, LongestGathering));
            }
        }
        catch (Exception fault)
        {
            // What is on the disk or in memory is not known any more. The process ends; its next start reads the disk.
            _host.Failed(_options.Shard, fault);
        }
        FailAll();
    }

    /// <summary>
    /// A turn costs much the same for one entry as for twenty: a sync, messages, threads that wake. Where turns take long,
    /// because the disk or the processors are busy, what comes in as long again goes into the next one together.
    /// </summary>
    private void Gather(long milliseconds)
    {
        if (milliseconds <= 0)
            return;
        // Nobody pulses this: what comes wakes the replica only when it has gathered.
        lock (_gathering)
            Monitor.Wait(_gathering, (int)milliseconds);
    }

    private bool Wait()
    {
        lock (_gate)
        {
            while (!_isStopping && _inbox.IsEmpty && _applied >= _core.Commit && _nextTick - Now() is > 0 and var left)
                Monitor.Wait(_gate, (int)left);
            (_inbox, _taken) = (_taken, _inbox);
            return !_isStopping;
        }
    }

    private void Turn()
    {
        var now = Now();
        if (now >= _nextTick)
        {
            _nextTick = now + TickInterval;
            _core.Tick(now);
            foreach (var id in _known.Values)
                _core.Met(id, now);
        }
        foreach (var action in _taken.Actions)
            action();
        foreach (var (from, message) in _taken.Messages)
            Hear(from, message, now);
        Take(Due(_taken.Proposals));
        Begin(_taken.Readings);
        Remove();
        _taken.Clear();

        _core.Pump();
        Deliver(isSynced: false);
        _log.Sync();
        _core.Synced();
        Deliver(isSynced: true);
        Apply(now + ApplySlice);
        Complete();
        Publish();
        SaveIfDue();
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

    private long Now() => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>What came since the last turn.</summary>
    private sealed class Inbox
    {
        public List<Action> Actions { get; } = [];

        public List<(string From, Message Message)> Messages { get; } = [];

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
