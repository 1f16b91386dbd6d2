using System.Buffers;
using System.Buffers.Binary;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// What the logs of a node's shards are given, one behind the other: one sync makes a turn of all shards outlast a power cut,
/// where the segments of each would need one of their own. Segments are written behind it, in larger pieces, and read at a start
/// before what the journal has beyond them.
///
/// It has two files that are used in turns. When one is full, the segments are synced beside the work, and then it is free
/// again. Once it has begun, one thread uses it and its logs.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly JournalFile[] _files = new JournalFile[2];
    private readonly List<JournalRecord> _found = [];
    private readonly ArrayBufferWriter<byte> _gathered = new(1 << 16);
    private IReadOnlyList<DiskLog> _logs = [];
    private Task _settling = Task.CompletedTask;
    private readonly List<Written> _written = [];
    private int _inUse;
    private long _next = 1;

    /// <param name="directory">Where its files are, or are made.</param>
    /// <param name="length">Octets of each of them. 64 KiB to 1 GiB.</param>
    /// <exception cref="DamagedLogException">It cannot be used as it is.</exception>
    /// <exception cref="IOException">There is no room for it.</exception>
    public Journal(string directory, long length)
    {
        var records = new List<JournalRecord>[2];
        try
        {
            for (var i = 0; i < 2; i++)
                (_files[i], records[i]) = JournalFile.Open(Path.Combine(directory, $"{i}.journal"), length);
            Order(records);
        }
        catch
        {
            DisposeFiles();
            throw;
        }
    }

    /// <summary>How often it was synced.</summary>
    public long Syncs { get; private set; }

    /// <summary>What it has beyond a shard's segments: entries one behind the other, and up to where the segments have to be whole.</summary>
    /// <exception cref="DamagedLogException">It contradicts itself.</exception>
    public (long Settled, List<Raft.LogEntry> Entries) Of(int shard)
    {
        var (settled, entries) = (0L, new List<Raft.LogEntry>());
        foreach (var record in _found.Where(record => record.Shard == shard))
        {
            if (record.Kind == JournalRecordKind.Settled)
            {
                settled = BinaryPrimitives.ReadInt64LittleEndian(record.Content.Span);
                entries.Clear();
                continue;
            }
            for (var rest = record.Content; !rest.IsEmpty;)
            {
                if (Frame.Read(rest) is not var (entry, _, length) || (entries.Count > 0 && entry.Index != entries[^1].Index + 1))
                    throw new DamagedLogException(_files[_inUse].Path, $"record {record.Number} does not go on where the entries of shard {shard} before it end");
                entries.Add(entry);
                rest = rest[length..];
            }
        }
        return (settled, entries);
    }

    /// <summary>Begins anew: all that it had is in the segments of its logs, on disk.</summary>
    public void Begin(IReadOnlyList<DiskLog> logs)
    {
        _logs = logs;
        _found.Clear();
        // What was read of it is counted on until both files have begun anew.
        _files[_inUse].Sync();
        BeginAnew();
    }

    /// <summary>Takes frames of a shard's next entries; false for more than fits into any file of it.</summary>
    public bool TryAppend(int shard, ReadOnlyMemory<byte> frames)
    {
        if (JournalRecord.FixedLength + frames.Length > _files[_inUse].Capacity)
            return false;
        Append(shard, JournalRecordKind.Entries, frames);
        return true;
    }

    /// <summary>Notes that a shard's segments have everything up to an index, on disk.</summary>
    public void Settled(int shard, long index)
    {
        var content = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(content, index);
        Append(shard, JournalRecordKind.Settled, content);
    }

    /// <summary>Makes everything that the logs were given outlast a power cut.</summary>
    /// <exception cref="IOException">What is on the disk is not known any more: the process has to end.</exception>
    public void Sync()
    {
        if (_settling.IsCompleted)
            WaitSettled();
        if (_gathered.WrittenCount == 0)
            return;
        _files[_inUse].Write(_gathered.WrittenSpan, _next);
        _gathered.ResetWrittenCount();
        Syncs++;
        foreach (var log in _logs)
            log.Synced();
    }

    /// <summary>Waits for what is synced of segments beside the work.</summary>
    public void WaitSettled()
    {
        _settling.GetAwaiter().GetResult();
        foreach (var written in _written)
            written.Log.Settled(written.Index);
        _written.Clear();
    }

    /// <summary>Brings everything into the segments: a program that knows no journal can read them then.</summary>
    public void Close()
    {
        Sync();
        WaitSettled();
        foreach (var log in _logs)
            log.Settle();
        BeginAnew();
    }

    public void Dispose()
    {
        Task.WhenAny(_settling).Wait();
        DisposeFiles();
    }

    private void Append(int shard, JournalRecordKind kind, ReadOnlyMemory<byte> content)
    {
        if (_gathered.WrittenCount + JournalRecord.FixedLength + content.Length > _files[_inUse].Room)
            Switch();
        var record = new JournalRecord(_files[_inUse].Use, _next++, _files[_inUse].Next - 1, shard, kind, content);
        record.Write(_gathered.GetSpan(record.Length));
        _gathered.Advance(record.Length);
    }

    /// <summary>Goes on in the other file, once all that the other had is in the segments.</summary>
    private void Switch()
    {
        Sync();
        WaitSettled();
        Use(1 - _inUse);
        foreach (var log in _logs)
            _written.Add(log.Write());
        Segment[] segments = [.. _written.Select(written => written.Segment)];
        _settling = PoolThreads.Beside(() => Array.ForEach(segments, segment => segment.SyncUnlessDropped()));
    }

    private void BeginAnew()
    {
        // In this order, whenever it is interrupted, the records of the last use go on from those of the one before it.
        Use(1 - _inUse);
        Use(1 - _inUse);
        for (var shard = 0; shard < _logs.Count; shard++)
            Settled(shard, _logs[shard].LastIndex);
        Sync();
    }

    private void Use(int file)
    {
        _files[file].Begin(_files[_inUse].Use + 1, _next);
        _inUse = file;
    }

    private void Order(List<JournalRecord>[] records)
    {
        _inUse = _files[1].Use > _files[0].Use ? 1 : 0;
        var (last, before) = (_files[_inUse], _files[1 - _inUse]);
        if (last.Use == 0)
            return;
        if (before.Use == 0 && last.Use > 1)
            throw new DamagedLogException(before.Path, "it was missing, or lost what was in it");
        if (before.Use > 0 && before.Next != last.First)
            throw new DamagedLogException(before.Path, $"record {before.Next} is damaged or missing, and {last.Path} goes on with {last.First}");
        _found.AddRange(records[1 - _inUse]);
        _found.AddRange(records[_inUse]);
        _next = last.Next;
    }

    private void DisposeFiles()
    {
        foreach (var file in _files)
            file?.Dispose();
    }
}

/// <summary>Up to where a log is written, and in which segment its last entries are.</summary>
internal readonly record struct Written(DiskLog Log, Segment Segment, long Index);
