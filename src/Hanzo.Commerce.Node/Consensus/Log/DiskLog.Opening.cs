using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>How a log is read when a node starts: its segments, then what the journal has beyond them.</summary>
internal sealed partial class DiskLog
{
    /// <summary>Reads the log, and brings what only the journal has into the segments. <see cref="Begin"/> it before it is used.</summary>
    /// <param name="directory">Its own alone; it is made when it is missing.</param>
    /// <param name="founders">Who the members are where the log says nothing.</param>
    /// <param name="segmentLength">Octets of a segment. 64 KiB to 1 GiB; default 4 MiB.</param>
    /// <param name="kept">Entries held in memory at least. Default 16,384.</param>
    /// <exception cref="DamagedLogException">It cannot be used as it is.</exception>
    public DiskLog(string directory, Journal journal, int shard, Membership founders, long segmentLength = 4 << 20, int kept = 16_384)
    {
        (_directory, _journal, _shard, _segmentLength, _kept) = (directory, journal, shard, segmentLength, kept);
        Directory.CreateDirectory(directory);
        _snapshot = SnapshotFile.Newest(directory);
        _members = new MembershipHistory(_snapshot?.Members ?? founders);
        _term = new TermFile(Path.Combine(directory, "term"));
        try
        {
            OpenSegments();
            if (_segments.Count == 0)
                PrepareQuietly();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Makes it fit to be used, once the journal has begun anew.</summary>
    /// <exception cref="DamagedLogException">It cannot be used as it is.</exception>
    public void Begin()
    {
        if (_segments.Count > 0 && FirstIndex > SnapshotIndex + 1 && LastIndex > SnapshotIndex)
            throw new DamagedLogException(_segments[0].Path, $"entry {SnapshotIndex + 1} is missing before it");
        if (_recent.Count > 0 && _recent[^1].Term > Term)
            throw new DamagedLogException(Path.Combine(_directory, "term"), $"it says term {Term}, and the log has entries of term {_recent[^1].Term}");
        // A snapshot of a leader was taken and the process ended before the log began again behind it. What the log has then
        // parts from what was decided, somewhere before the snapshot's end.
        if (_segments.Count == 0 || LastIndex < SnapshotIndex || (SnapshotIndex > 0 && LoggedTermAt(SnapshotIndex) is { } term && term != _snapshot!.Term))
            StartOver();
        Forget();
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
        var (settled, beyond) = _journal.Of(_shard);
        var needed = beyond.Count > 0 ? Math.Max(settled, beyond[0].Index - 1) : settled;
        if (LastIndex < needed)
            throw new DamagedLogException(_segments.Count == 0 ? _directory : _segments[^1].Path, $"entry {LastIndex + 1}{(_segments.Count == 0 ? "" : $" at offset {_segments[^1].Position}")} is damaged or missing; by the journal, all up to {needed} were on disk");
        if (_segments.Count == 0)
            return;
        _segments[^1].DropTorn();
        Redo(beyond);
        // What a killed process wrote may still be in the system's memory only, and this one is about to answer for it.
        _segments[^1].Sync();
        SyncedIndex = _settled = LastIndex;
    }

    private void Redo(List<LogEntry> entries)
    {
        foreach (var entry in entries.Where(entry => entry.Index >= FirstIndex && entry.Index <= LastIndex))
        {
            if (LoggedTermAt(entry.Index) is var term && term != entry.Term)
                throw new DamagedLogException(_segments[^1].Path, $"entry {entry.Index} is of term {term}, and by the journal of term {entry.Term}");
        }
        List<LogEntry> missing = [.. entries.Where(entry => entry.Index > LastIndex)];
        for (var next = 0; next < missing.Count;)
            next += AppendToSegment(missing, next, isJournaled: false);
    }

    private void StartOver()
    {
        _preparing.Wait();
        if (_segments.Count > 0)
        {
            // Before they go: what the journal has of them must not be looked for behind them.
            _journal.WaitSettled();
            _journal.Settled(_shard, 0);
            _journal.Sync();
        }
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
        LastIndex = SyncedIndex = _settled = SnapshotIndex;
        Roll();
    }
}
