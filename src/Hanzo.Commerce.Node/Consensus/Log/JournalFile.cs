using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// One of the journal's files. Its length never changes, so a sync of it changes nothing but content, and needs no room. It is
/// used again and again; what a use left is no record of the next one.
///
/// Head, in a sector of its own, which a disk writes whole or not at all: magic (4), version (4), number of the use (8), number
/// of its first record (8), checksum of these (4). Then records.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int HeadLength = 512;
    private const uint Magic = 0x4a525a48;
    private const uint Version = 1;

    private readonly SafeFileHandle _file;
    private long _position = HeadLength;

    private JournalFile(string path, SafeFileHandle file, long length) => (Path, _file, Length) = (path, file, length);

    public string Path { get; }

    public long Length { get; }

    /// <summary>Which use of a file of this journal it is, from 1; 0 before the first.</summary>
    public long Use { get; private set; }

    public long First { get; private set; }

    /// <summary>The number of the record that comes next.</summary>
    public long Next { get; private set; }

    public long Room => Length - _position;

    /// <summary>Octets that a record may take.</summary>
    public long Capacity => Length - HeadLength;

    /// <summary>Opens a file, or makes it, and reads what is in it.</summary>
    /// <exception cref="DamagedLogException">It cannot be used as it is.</exception>
    public static (JournalFile File, List<JournalRecord> Records) Open(string path, long length)
    {
        if (!File.Exists(path))
        {
            Segment.Prepare(path + ".unfinished", length);
            File.Move(path + ".unfinished", path);
            Disk.SyncNames(System.IO.Path.GetDirectoryName(path)!);
        }
        var content = File.ReadAllBytes(path);
        var file = new JournalFile(path, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite), content.Length);
        try
        {
            return (file, file.Parse(content));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Begins another use, on disk when this returns: nothing that is in it counts any more.</summary>
    public void Begin(long use, long first)
    {
        var head = new byte[HeadLength];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), use);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(16), first);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(24), Checksum.Of(head.AsSpan(0, 24)));
        RandomAccess.Write(_file, head, 0);
        Disk.SyncContent(_file);
        (Use, First, Next, _position) = (use, first, first, HeadLength);
    }

    /// <summary>Writes records and makes them outlast a power cut.</summary>
    /// <param name="next">The number of the record behind them.</param>
    /// <exception cref="IOException">What is on the disk is not known any more: the process has to end.</exception>
    public void Write(ReadOnlySpan<byte> records, long next)
    {
        RandomAccess.Write(_file, records, _position);
        Disk.SyncContent(_file);
        _position += records.Length;
        Next = next;
    }

    /// <summary>Makes what a killed process wrote outlast a power cut too.</summary>
    public void Sync() => Disk.SyncContent(_file);

    public void Dispose() => _file.Dispose();

    private List<JournalRecord> Parse(byte[] content)
    {
        var records = new List<JournalRecord>();
        if (content.Length < HeadLength)
            throw new DamagedLogException(Path, "it is shorter than its head");
        if (!content.AsSpan(0, HeadLength).ContainsAnyExcept((byte)0))
            return records;
        if (BinaryPrimitives.ReadUInt32LittleEndian(content) != Magic || Checksum.Of(content.AsSpan(0, 24)) != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(24)))
            throw new DamagedLogException(Path, "its head is damaged");
        if (BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(4)) is var version and not Version)
            throw new DamagedLogException(Path, $"it is of version {version}, which this program does not know");
        Use = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(8));
        First = Next = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(16));
        while (JournalRecord.Read(content.AsMemory((int)_position), Use) is { } record && record.Number == Next)
        {
            records.Add(record);
            _position += record.Length;
            Next++;
        }
        LookBehind(content);
        return records;
    }

    /// <summary>
    /// Behind the last whole record there is what earlier uses left, or what a power cut left of a write that nobody was told
    /// of. But a record that was written when the missing one was on disk already proves that it was damaged since.
    /// </summary>
    private void LookBehind(byte[] content)
    {
        for (var at = (int)_position + 1; at <= content.Length - JournalRecord.FixedLength; at++)
        {
            if (JournalRecord.Read(content.AsMemory(at), Use) is { } later && later.Number > Next && later.Synced >= Next)
                throw new DamagedLogException(Path, $"record {Next} at offset {_position} is damaged, and record {later.Number} behind it is whole");
        }
    }
}
