using System.Buffers;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// A member's log on disk: segments of entries, the newest snapshot, term and vote. One thread uses it.
///
/// The entries of late are in memory too, for followers that keep up; older ones are read from their segment.
/// </summary>
internal sealed class DiskLog : IRaftLog, IDisposable
{
    private readonly string _directory;
    private readonly long _segmentLength;
    private readonly int _kept;
    private readonly TermFile _term;
    private readonly List<Segment> _segments = [];
    private readonly List<LogEntry> _recent = [];
    private readonly MembershipHistory _members;
    private (long First, List<LogEntry> Entries) _older;
    private SnapshotFile? _snapshot;
    private Task _preparing = Task.CompletedTask;
    private volatile bool _isPrepared;
    private bool _isUnsynced;

    /// <param name="directory">Its own alone; it is made when it is missing.</param>
    /// <param name="founders">Who the members are where the log says nothing.</param>
    /// <param name="segmentLength">Octets of a segment. 64 KiB to 1 GiB; default 4 MiB.</param>
    /// <param name="kept">Entries held in memory at least. Default 16,384.</param>
    /// <exception cref="DamagedLogException">It cannot be used as it is.</exception>
    public DiskLog(string directory, Membership founders, long segmentLength = 4 << 20, int kept = 16_384)
    {
        (_directory, _segmentLength, _kept) = (directory, segmentLength, kept);
        Directory.CreateDirectory(directory);
        _snapshot = SnapshotFile.Newest(directory);
        _members = new MembershipHistory(_snapshot?.Members ?? founders);
        _term = new TermFile(Path.Combine(directory, "term"));
        OpenSegments();
    }

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
        LastIndex = index - 1;
        SyncedIndex = LastIndex;
        _isUnsynced = false;
    }

    public void SetTerm(long term, string? vote)
    {
        if (term != Term || vote != Vote)
            _term.Set(term, vote);
    }

    /// <summary>Makes everything that was appended outlast a power cut.</summary>
    /// <exception cref="IOException">What is on the disk is not known any more: the process has to end.</exception>
    public void Sync()
    {
        if (!_isUnsynced)
            return;
        _segments[^1].Sync();
        _isUnsynced = false;
        SyncedIndex = LastIndex;
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

    private void OpenSegments()
    {
        foreach (var path in Directory.GetFiles(_directory, "*.log").Order(StringComparer.Ordinal))
        {
            var (segment, entries) = Segment.Open(path);
            _segments.Add(segment);
            if (_segments.Count == 1)
                LastIndex = segment.First - 1;
            if (segment.First != LastIndex + 1)
                throw new DamagedLogException(path, $"entry {LastIndex + 1} is missing before it");
            foreach (var entry in entries)
                Remember(entry);
        }
        if (_segments.Count > 0 && FirstIndex > SnapshotIndex + 1 && LastIndex > SnapshotIndex)
            throw new DamagedLogException(_segments[0].Path, $"entry {SnapshotIndex + 1} is missing before it");
        if (_recent.Count > 0 && _recent[^1].Term > Term)
            throw new DamagedLogException(Path.Combine(_directory, "term"), $"it says term {Term}, and the log has entries of term {_recent[^1].Term}");
        // A snapshot of a leader was taken and the process ended before the log began again behind it. What the log has then
        // parts from what was decided, somewhere before the snapshot's end.
        if (_segments.Count == 0 || LastIndex < SnapshotIndex || (SnapshotIndex > 0 && LoggedTermAt(SnapshotIndex) is { } term && term != _snapshot!.Term))
            StartOver();
        // What a killed process wrote may still be in the system's memory only, and this one is about to answer for it.
        _segments[^1].Sync();
        SyncedIndex = LastIndex;
        Forget();
    }

    private void StartOver()
    {
        _preparing.Wait();
        foreach (var segment in _segments)
        {
            segment.Dispose();
            File.Delete(segment.Path);
        }
        _segments.Clear();
        _recent.Clear();
        _older = default;
        if (_snapshot is not null)
            _members.Reset(_snapshot.Members);
        LastIndex = SyncedIndex = SnapshotIndex;
        _isUnsynced = false;
        Roll();
    }

    private int AppendToSegment(IReadOnlyList<LogEntry> entries, int from)
    {
        if (_segments[^1].Room < Frame.LengthOf(entries[from]))
            Roll(Frame.LengthOf(entries[from]));
        var segment = _segments[^1];
        var (length, count) = (0, 0);
        while (from + count < entries.Count && length + Frame.LengthOf(entries[from + count]) <= segment.Room)
            length += Frame.LengthOf(entries[from + count++]);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = 0;
            for (var i = from; i < from + count; i++)
            {
                Frame.Write(buffer.AsSpan(at), entries[i], SyncedIndex);
                at += Frame.LengthOf(entries[i]);
            }
            segment.Write(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        _isUnsynced = true;
        for (var i = from; i < from + count; i++)
            Remember(entries[i]);
        Forget();
        if (segment.Room < segment.Length / 2 && !_isPrepared && _preparing.IsCompleted)
            _preparing = Task.Run(PrepareQuietly);
        return count;
    }

    private string PreparedPath => Path.Combine(_directory, "next.prepared");

    /// <summary>Begins the next segment. The one before is synced: only a log's last segment may end in the middle of an entry.</summary>
    private void Roll(long atLeast = 0)
    {
        Sync();
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
            _older = (found.First, Segment.Reread(found.Path));
        }
        return _older.Entries[(int)(index - _older.First)];
    }
}
