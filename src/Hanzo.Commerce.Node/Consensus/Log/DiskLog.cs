using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// A member's log on disk: segments of entries, the newest snapshot, term and vote. One thread uses it.
///
/// What is appended goes into the node's journal, which makes it outlast a power cut, and into a segment, which is synced later.
/// The entries of late are in memory too, for followers that keep up; older ones are read from their segment.
/// </summary>
internal sealed partial class DiskLog : IRaftLog, IDisposable
{
    /// <summary>Octets of entries in one record of the journal, unless one entry is larger.</summary>
    private const int LongestRecord = 256 << 10;

    private readonly Journal _journal;
    private readonly int _shard;
    private readonly string _directory;
    private readonly long _segmentLength;
    private readonly int _kept;
    private readonly TermFile _term;
    private readonly List<Segment> _segments = [];
    private readonly List<LogEntry> _recent = [];
    private readonly FrameMemory _frames = new();
    private readonly MembershipHistory _members;
    private (long First, List<LogEntry> Entries) _older;
    private SnapshotFile? _snapshot;
    private Task _preparing = Task.CompletedTask;
    private volatile bool _isPrepared;
    private long _settled;

    public long Term => _term.Term;

    public string? Vote => _term.Vote;

    public long LastIndex { get; private set; }

    public long SyncedIndex { get; private set; }

    public long FirstIndex => _segments[0].First;

    public long SnapshotIndex => _snapshot?.Index ?? 0;

    public Membership SnapshotMembers => _snapshot?.Members ?? Membership.None;

    public object SnapshotContent => Snapshot ?? throw new InvalidOperationException("There is no snapshot.");

    public Membership Members => _members.Last;

    public SnapshotFile? Snapshot => _snapshot;

    /// <summary>Octets on disk.</summary>
    public long Length => _segments.Sum(segment => segment.Length) + (_snapshot is null ? 0 : new FileInfo(_snapshot.Path).Length);

    private long FirstRecent => LastIndex - _recent.Count + 1;

    public Membership MembersAt(long index) => _members.At(index);

    public void Found(Membership founders)
    {
        if (LastIndex == 0 && Members.All.IsEmpty)
            _members.Reset(founders);
    }

    public long? TermAt(long index)
    {
        if (index > LastIndex || index < 0)
            return null;
        return index == SnapshotIndex ? _snapshot?.Term ?? 0 : LoggedTermAt(index);
    }

    private long? LoggedTermAt(long index) =>
        index >= FirstRecent ? _recent[(int)(index - FirstRecent)].Term
        : index == FirstIndex - 1 ? _segments[0].PreviousTerm
        : index >= FirstIndex ? Older(index).Term
        : null;

    public IReadOnlyList<LogEntry> Read(long from, int count, long bytes)
    {
        var entries = new List<LogEntry>();
        for (var index = from; index <= LastIndex && entries.Count < count; index++)
        {
            var entry = index >= FirstRecent ? _recent[(int)(index - FirstRecent)] : Older(index);
            bytes -= Frame.LengthOf(entry);
            if (bytes < 0 && entries.Count > 0)
                break;
            entries.Add(entry);
        }
        return entries;
    }

    public void Append(IReadOnlyList<LogEntry> entries)
    {
        var before = LastIndex;
        try
        {
            for (var next = 0; next < entries.Count;)
                next += AppendToSegment(entries, next);
        }
        catch (NoRoomException) when (LastIndex > before)
        {
            Truncate(before + 1);
            throw;
        }
    }

    public void Truncate(long index)
    {
        // What the journal has of the entries that go must not come back behind what is left of them.
        Settle();
        _journal.Settled(_shard, index - 1);
        _journal.Sync();
        while (_segments.Count > 1 && _segments[^1].First >= index)
        {
            var gone = _segments[^1];
            _segments.RemoveAt(_segments.Count - 1);
            gone.Dispose();
            File.Delete(gone.Path);
            Disk.SyncNames(_directory);
        }
        var segment = _segments[^1];
        var position = Segment.HeadLength + Enumerate(segment.First, index - 1).Sum(entry => (long)Frame.LengthOf(entry));
        segment.Cut(position, segment.Position);
        _members.Cut(index);
        _recent.RemoveRange((int)Math.Max(0, _recent.Count - (LastIndex - index + 1)), (int)Math.Min(_recent.Count, LastIndex - index + 1));
        _older = default;
        LastIndex = SyncedIndex = _settled = index - 1;
    }

    public void SetTerm(long term, string? vote)
    {
        if (term != Term || vote != Vote)
            _term.Set(term, vote);
    }

    /// <summary>The journal has everything on disk.</summary>
    public void Synced() => SyncedIndex = LastIndex;

    /// <summary>Writes what is gathered for the last segment; the others are on disk.</summary>
    public Written Write()
    {
        _segments[^1].Write();
        return new Written(this, _segments[^1], LastIndex);
    }

    /// <summary>The segments have everything up to an index on disk.</summary>
    public void Settled(long index) => _settled = Math.Max(_settled, index);

    /// <summary>Makes everything in the segments outlast a power cut.</summary>
    public void Settle()
    {
        _journal.WaitSettled();
        _segments[^1].Sync();
        _settled = LastIndex;
    }

    /// <summary>Takes a snapshot of this member's own state, and drops entries that nobody near needs.</summary>
    /// <param name="keep">Entries that are kept before the snapshot, for followers that are a little behind.</param>
    public void Take(SnapshotFile snapshot, long keep)
    {
        var before = _snapshot;
        _snapshot = snapshot;
        if (before is not null && before.Path != snapshot.Path)
            File.Delete(before.Path);
        _members.Compact(snapshot.Index);
        while (_segments.Count > 1 && _segments[1].First <= snapshot.Index - keep)
        {
            _segments[0].Dispose();
            File.Delete(_segments[0].Path);
            _segments.RemoveAt(0);
        }
    }

    /// <summary>Begins again behind another member's snapshot.</summary>
    public void Reset(SnapshotFile snapshot)
    {
        var before = _snapshot;
        _snapshot = snapshot;
        if (before is not null && before.Path != snapshot.Path)
            File.Delete(before.Path);
        StartOver();
    }

    public void Dispose()
    {
        _preparing.Wait();
        foreach (var segment in _segments)
            segment.Dispose();
        _term.Dispose();
    }

    private int AppendToSegment(IReadOnlyList<LogEntry> entries, int from, bool isJournaled = true)
    {
        if (_segments[^1].Room < Frame.LengthOf(entries[from]))
            Roll(Frame.LengthOf(entries[from]));
        var segment = _segments[^1];
        var (length, count) = (0, 0);
        do
            length += Frame.LengthOf(entries[from + count++]);
        while (from + count < entries.Count && length + Frame.LengthOf(entries[from + count]) <= Math.Min(segment.Room, LongestRecord));
        var frames = _frames.Take(length);
        var at = 0;
        for (var i = from; i < from + count; i++)
        {
            Frame.Write(frames.Span[at..], entries[i], _settled);
            at += Frame.LengthOf(entries[i]);
        }
        var isInJournal = isJournaled && _journal.TryAppend(_shard, frames);
        segment.Add(frames.Span);
        at = 0;
        for (var i = from; i < from + count; i++)
        {
            // Not as it came: who wrote it, or a message that it came with, is kept no longer for it.
            Remember(entries[i] with { Content = Frame.ContentAt(frames[at..], entries[i]) });
            at += Frame.LengthOf(entries[i]);
        }
        Forget();
        if (isJournaled && !isInJournal)
        {
            Settle();
            _journal.Settled(_shard, LastIndex);
        }
        if (segment.Room < segment.Length / 2 && !_isPrepared && _preparing.IsCompleted)
            _preparing = PoolThreads.Beside(PrepareQuietly);
        return count;
    }

    private string PreparedPath => Path.Combine(_directory, "next.prepared");

    /// <summary>Begins the next segment. The one before is synced: only a log's last segment may end in the middle of an entry.</summary>
    private void Roll(long atLeast = 0)
    {
        if (_segments.Count > 0)
            _segments[^1].Finish();
        _settled = LastIndex;
        _preparing.Wait();
        var length = Math.Max(_segmentLength, Segment.HeadLength + atLeast);
        try
        {
            if (!File.Exists(PreparedPath) || new FileInfo(PreparedPath).Length < length)
                Segment.Prepare(PreparedPath, length);
        }
        catch (IOException full)
        {
            throw new NoRoomException(full);
        }
        _isPrepared = false;
        _segments.Add(Segment.Begin(PreparedPath, _directory, LastIndex + 1, TermAt(LastIndex)!.Value));
    }

    private void PrepareQuietly()
    {
        try
        {
            if (!File.Exists(PreparedPath))
            {
                Segment.Prepare(PreparedPath + ".unfinished", _segmentLength);
                File.Move(PreparedPath + ".unfinished", PreparedPath, overwrite: true);
            }
            _isPrepared = true;
        }
        catch (IOException) when (!File.Exists(PreparedPath))
        {
            // It is tried again, and told, when the segment is needed.
        }
    }

    private void Remember(LogEntry entry)
    {
        _recent.Add(entry);
        _members.Add(entry);
        LastIndex = entry.Index;
    }

    private void Forget()
    {
        if (_recent.Count > 2 * _kept)
            _recent.RemoveRange(0, _recent.Count - _kept);
    }

    private IEnumerable<LogEntry> Enumerate(long from, long to)
    {
        for (var index = from; index <= to; index++)
            yield return index >= FirstRecent ? _recent[(int)(index - FirstRecent)] : Older(index);
    }

    private LogEntry Older(long index)
    {
        if (_older.Entries is null || index < _older.First || index >= _older.First + _older.Entries.Count)
        {
            var found = _segments.FindLast(segment => segment.First <= index)!;
            found.Write();
            _older = (found.First, Segment.Reread(found.Path));
        }
        return _older.Entries[(int)(index - _older.First)];
    }
}
