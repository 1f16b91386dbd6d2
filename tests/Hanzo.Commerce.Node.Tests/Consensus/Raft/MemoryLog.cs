using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Raft;

/// <summary>A log in memory that loses in a crash what was not synced.</summary>
internal sealed class MemoryLog : IRaftLog
{
    private readonly List<LogEntry> _entries = [];
    private readonly MembershipHistory _members;
    private long _start;
    private long _startTerm;

    public MemoryLog(Membership founders) => (SnapshotMembers, _members) = (founders, new MembershipHistory(founders));

    public long Term { get; private set; }

    public string? Vote { get; private set; }

    public long LastIndex => _start + _entries.Count;

    public long SyncedIndex { get; private set; }

    public long FirstIndex => _start + 1;

    public long SnapshotIndex { get; private set; }

    public Membership SnapshotMembers { get; private set; }

    public object SnapshotContent { get; private set; } = Array.Empty<string>();

    public Membership Members => _members.Last;

    public Membership MembersAt(long index) => _members.At(index);

    public long? TermAt(long index) => index > LastIndex || index < _start ? null : index == _start ? _startTerm : _entries[(int)(index - _start - 1)].Term;

    public LogEntry At(long index) => _entries[(int)(index - _start - 1)];

    public IReadOnlyList<LogEntry> Read(long from, int count, long bytes) => [.. _entries.Skip((int)(from - _start - 1)).Take(Math.Min(count, 8))];

    public void Append(IReadOnlyList<LogEntry> entries)
    {
        foreach (var entry in entries)
        {
            Assert.Equal(LastIndex + 1, entry.Index);
            _entries.Add(entry);
            _members.Add(entry);
        }
    }

    public void Truncate(long index)
    {
        _entries.RemoveRange((int)(index - _start - 1), (int)(LastIndex - index + 1));
        _members.Cut(index);
        SyncedIndex = Math.Min(SyncedIndex, LastIndex);
    }

    public void SetTerm(long term, string? vote) => (Term, Vote) = (term, vote);

    public void Sync() => SyncedIndex = LastIndex;

    public void Crash()
    {
        if (LastIndex > SyncedIndex)
            Truncate(SyncedIndex + 1);
    }

    /// <summary>Keeps the state up to an index in place of the entries.</summary>
    public void Save(long index, string[] state)
    {
        var (term, members) = (TermAt(index)!.Value, _members.At(index));
        _entries.RemoveRange(0, (int)(index - _start));
        (_start, _startTerm, SnapshotIndex, SnapshotMembers, SnapshotContent) = (index, term, index, members, state);
        _members.Compact(index);
    }

    public void Reset(InstallSnapshot snapshot)
    {
        _entries.Clear();
        (_start, _startTerm, SnapshotIndex, SnapshotMembers, SnapshotContent) = (snapshot.Index, snapshot.LastTerm, snapshot.Index, snapshot.Members, snapshot.Content);
        _members.Reset(snapshot.Members);
        SyncedIndex = snapshot.Index;
    }
}
