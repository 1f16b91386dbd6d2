using System.Collections.Immutable;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>What a replica does with what is decided.</summary>
internal sealed partial class Group
{
    /// <summary>Entries read at a time.</summary>
    private const int Batch = 512;

    /// <summary>How long the replica applies at a stretch before its node listens again: a long replay keeps nobody from leading.</summary>
    private const long ApplySlice = 5;

    /// <summary>Octets that saving may write for each entry that was applied since the last time.</summary>
    private const long OctetsAnEntry = 500;

    private readonly Dictionary<long, Proposal> _pending = [];
    private readonly List<(Proposal Proposal, ProposalOutcome Outcome)> _done = [];
    private readonly Completions<ProposalOutcome> _completions = new();
    private readonly List<Reading> _reading = [];
    private readonly Dictionary<string, string> _known = [];
    private Task _saving = Task.CompletedTask;
    private long _applied;
    private long _savedSize;
    private long _lastStamp;
    private long _freshAt;
    private volatile View _view = new(null, false, 0, 0);
    private TaskCompletionSource _viewChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _succession = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _lastLeader;

    /// <summary>The id of the member that leads, as far as this one knows.</summary>
    public string? Leader => _view.Leader;

    /// <summary>Whether this node leads and takes commands.</summary>
    public bool Leads => _view.Leads;

    /// <summary>Up to where the state here holds the log; an answered proposal is in it.</summary>
    public long Applied => Volatile.Read(ref _applied);

    /// <summary>How old the state here may be.</summary>
    public TimeSpan Staleness => TimeSpan.FromMilliseconds(Math.Max(0, Now() - _view.FreshAt));

    /// <summary>How long nothing proved that this node belongs to a led majority.</summary>
    public TimeSpan Silence => TimeSpan.FromMilliseconds(Math.Max(0, Now() - _view.HeardAt));

    /// <summary>Completes when another member leads than at the time of the call, or none, or this one now takes commands.</summary>
    public Task ViewChanged => Volatile.Read(ref _viewChanged).Task;

    /// <summary>Completes when another member leads than the last one that was known at the time of the call.</summary>
    public Task Succession => Volatile.Read(ref _succession).Task;

    private void Take(List<Proposal> proposals)
    {
        proposals.RemoveAll(IsLate);
        if (proposals.Count == 0)
            return;
        var fate = ProposalFate.NotTaken;
        try
        {
            _lastStamp = Math.Max(_lastStamp, _time.GetUtcNow().UtcTicks);
            if (_core.Propose([.. proposals.Select(proposal => proposal.Command)], _lastStamp) is { } first)
            {
                for (var i = 0; i < proposals.Count; i++)
                {
                    proposals[i].Term = _core.Term;
                    // Whose place is given to another stood in a log that was cut.
                    if (_pending.Remove(first + i, out var cut))
                        cut.Complete(new ProposalOutcome(ProposalFate.Unknown));
                    _pending.Add(first + i, proposals[i]);
                }
                return;
            }
        }
        catch (NoRoomException full)
        {
            _host.NoRoom(_options.Shard, full);
            fate = ProposalFate.NoRoom;
        }
        foreach (var proposal in proposals)
            proposal.Complete(new ProposalOutcome(fate));
    }

    private void Begin(List<Reading> readings)
    {
        foreach (var reading in readings)
        {
            if (_core.BeginRead() is var (round, index))
            {
                (reading.Round, reading.Index) = (round, index);
                _reading.Add(reading);
            }
            else
            {
                reading.TrySetResult(false);
            }
        }
    }

    /// <summary>Whoever proposed it waits no more: it would be done for nobody.</summary>
    private bool IsLate(Proposal proposal)
    {
        if (Now() < proposal.Until)
            return false;
        proposal.Complete(new ProposalOutcome(ProposalFate.NotTaken));
        return true;
    }

    private void Apply(long until)
    {
        while (_applied < _core.Commit && Now() <= until)
        {
            foreach (var entry in _log.Read(_applied + 1, (int)Math.Min(Batch, _core.Commit - _applied), long.MaxValue))
                Apply(entry);
        }
        Tell();
    }

    /// <summary>Tells what was applied together: answers that go to the same node leave together.</summary>
    private void Tell()
    {
        foreach (var (proposal, outcome) in _done)
            proposal.Complete(outcome, _completions);
        _completions.Tell();
        _done.Clear();
    }

    private void Apply(LogEntry entry)
    {
        var isAwaited = _pending.Remove(entry.Index, out var proposal);
        var answer = entry.Kind == EntryKind.Command ? _machine.Apply(entry.Content.Span, new DateTimeOffset(entry.Stamp, TimeSpan.Zero), isAwaited) : default;
        _applied = entry.Index;
        _lastStamp = Math.Max(_lastStamp, entry.Stamp);
        SaveIfAsked();
        if (isAwaited)
            _done.Add((proposal!, proposal!.Term == entry.Term ? new ProposalOutcome(ProposalFate.Applied, answer) : new ProposalOutcome(ProposalFate.Replaced)));
    }

    /// <summary>Answers readings that are proved, and those that cannot be any more.</summary>
    private void Complete()
    {
        if (_reading.Count == 0)
            return;
        if (_core.Role != Role.Leader)
        {
            _reading.ForEach(reading => reading.TrySetResult(false));
            _reading.Clear();
            return;
        }
        var confirmed = _core.ConfirmedRound;
        _reading.RemoveAll(reading => reading.Round <= confirmed && reading.Index <= _applied && reading.TrySetResult(true));
    }

    private void Publish()
    {
        var now = Now();
        var heardAt = now - (long)Math.Min(_core.Silence.TotalMilliseconds, now);
        if (_applied == _core.Commit)
            _freshAt = Math.Max(_freshAt, heardAt);
        var before = _view;
        // Who leads alone cannot have missed anything.
        var isAlone = _core.TakesCommands && _core.Members.All.Length == 1;
        var view = new View(_core.Leader, _core.TakesCommands, isAlone ? long.MaxValue / 2 : _freshAt, heardAt);
        if (view == before)
            return;
        _view = view;
        if (view.Leader == before.Leader && view.Leads == before.Leads)
            return;
        Interlocked.Exchange(ref _viewChanged, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        if (view.Leader == before.Leader)
            return;
        if (view.Leader is { } next && next != _lastLeader)
        {
            _lastLeader = next;
            Interlocked.Exchange(ref _succession, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
        _host.LeaderChanged(_options.Shard, view.Leader, _core.Term);
    }

    private void SaveIfDue()
    {
        // Not more often than the state is large, since each saving writes all of it; but what lies behind has to be applied
        // again at the next start, which takes longer an entry than reading it.
        if (!_saving.IsCompleted || _applied - _log.SnapshotIndex < Math.Max(_options.SnapshotEvery, _savedSize / OctetsAnEntry))
            return;
        var (index, term, members, write) = (_applied, _log.TermAt(_applied)!.Value, _log.MembersAt(_applied), _machine.Save());
        _saving = PoolThreads.Beside(() =>
        {
            try
            {
                var snapshot = SnapshotFile.Write(_options.Directory, index, term, members, write);
                var size = new FileInfo(snapshot.Path).Length;
                Do(() => Saved(snapshot, size));
            }
            catch (IOException full)
            {
                _host.NoRoom(_options.Shard, full);
            }
        });
    }

    private void Saved(SnapshotFile snapshot, long size)
    {
        if (snapshot.Index <= _log.SnapshotIndex)
        {
            // One of the same index has the same name: it is the log's own by now.
            if (snapshot.Index < _log.SnapshotIndex)
                File.Delete(snapshot.Path);
            return;
        }
        _log.Take(snapshot, _options.KeptEntries);
        _savedSize = size;
    }

    /// <summary>Tells everybody who waits that the node stops.</summary>
    public void FailAll()
    {
        Tell();
        foreach (var proposal in _pending.Values)
            proposal.Complete(new ProposalOutcome(ProposalFate.Unknown));
        foreach (var proposal in _held.Concat(_inbox.Proposals).Concat(_taken.Proposals))
            proposal.Complete(new ProposalOutcome(ProposalFate.NotTaken));
        foreach (var reading in _reading.Concat(_inbox.Readings).Concat(_taken.Readings))
            reading.TrySetResult(false);
        foreach (var removal in _removals)
            removal.TrySetResult("stops");
        _savePoint?.TrySetResult(null);
    }

    /// <summary>What other threads see of it.</summary>
    private sealed record View(string? Leader, bool Leads, long FreshAt, long HeardAt);
}
