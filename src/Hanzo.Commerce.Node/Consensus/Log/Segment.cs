using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Hanzo.Commerce.Node.Consensus.Raft;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// A file of consecutive entries. Its full length is written as zeros beforehand: a disk that is full says so then, before
/// any entry is taken, and syncing an entry changes no length and no block map.
///
/// Head: magic (4), version (4), first index (8), term of the entry before it (8), checksum of these (4). Then frames.
/// </summary>
internal sealed class Segment : IDisposable
{
    public const int HeadLength = 32;

    /// <summary>Octets that are gathered before they are written.</summary>
    private const int Piece = 64 << 10;

    private const uint Magic = 0x4c525a48;
    private const uint Version = 1;

    private readonly SafeFileHandle _file;
    private ArrayBufferWriter<byte>? _gathered;
    private int _torn;

    private Segment(string path, SafeFileHandle file, long first, long previousTerm, long length) =>
        (Path, _file, First, PreviousTerm, Length) = (path, file, first, previousTerm, length);

    public string Path { get; }

    public long First { get; }

    /// <summary>The term of the entry before the first.</summary>
    public long PreviousTerm { get; }

    public long Length { get; }

    /// <summary>Where the next frame goes.</summary>
    public long Position { get; private set; } = HeadLength;

    public long Room => Length - Position;

    public static string NameOf(long first) => first.ToString("D20", CultureInfo.InvariantCulture) + ".log";

    /// <summary>Writes a file of zeros, to become a segment.</summary>
    /// <exception cref="IOException">There is no room for it; nothing is left of it.</exception>
    public static void Prepare(string path, long length)
    {
        var zeros = new byte[256 << 10];
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            for (var at = 0L; at < length; at += zeros.Length)
                RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - at)), at);
            RandomAccess.FlushToDisk(file);
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Makes a prepared file the segment that begins at <paramref name="first"/>.</summary>
    public static Segment Begin(string prepared, string directory, long first, long previousTerm)
    {
        var path = System.IO.Path.Combine(directory, NameOf(first));
        var file = File.OpenHandle(prepared, FileMode.Open, FileAccess.ReadWrite);
        Span<byte> head = stackalloc byte[28];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], first);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], previousTerm);
        BinaryPrimitives.WriteUInt32LittleEndian(head[24..], Checksum.Of(head[..24]));
        RandomAccess.Write(file, head, 0);
        Disk.SyncContent(file);
        File.Move(prepared, path, overwrite: true);
        Disk.SyncNames(directory);
        return new Segment(path, file, first, previousTerm, RandomAccess.GetLength(file));
    }

    /// <summary>Opens a segment and reads its entries.</summary>
    /// <exception cref="DamagedLogException">Entries behind its end were once on disk.</exception>
    public static (Segment Segment, List<LogEntry> Entries) Open(string path)
    {
        var content = File.ReadAllBytes(path);
        if (content.Length < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(content) != Magic
            || Checksum.Of(content.AsSpan(0, 24)) != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(24)))
            throw new DamagedLogException(path, "its head is damaged");
        if (BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(4)) is var version and not Version)
            throw new DamagedLogException(path, $"it is of version {version}, which this program does not know");
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var segment = new Segment(path, file, BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(16)), content.Length);
        try
        {
            return (segment, segment.Parse(content));
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>The entries of a segment that is in use.</summary>
    public static List<LogEntry> Reread(string path)
    {
        var content = File.ReadAllBytes(path);
        var entries = new List<LogEntry>();
        for (var at = HeadLength; Frame.Read(content.AsMemory(at)) is var (entry, _, length); at += length)
            entries.Add(entry);
        return entries;
    }

    /// <summary>Takes frames; they are written together with others, and are on disk after <see cref="Sync"/>.</summary>
    public void Add(ReadOnlySpan<byte> frames)
    {
        _gathered ??= new ArrayBufferWriter<byte>(Piece);
        _gathered.Write(frames);
        Position += frames.Length;
        if (_gathered.WrittenCount >= Piece)
            Write();
    }

    /// <summary>Writes what was gathered.</summary>
    public void Write()
    {
        if (_gathered is not { WrittenCount: > 0 } gathered)
            return;
        RandomAccess.Write(_file, gathered.WrittenSpan, Position - gathered.WrittenCount);
        gathered.ResetWrittenCount();
    }

    /// <summary>Makes everything outlast a power cut.</summary>
    /// <exception cref="IOException">What is on the disk is not known any more: the process has to end.</exception>
    public void Sync()
    {
        Write();
        Disk.SyncContent(_file);
    }

    /// <summary>Nothing more comes.</summary>
    public void Finish()
    {
        Sync();
        _gathered = null;
    }

    /// <summary>Makes what was written outlast a power cut, beside the thread that writes, which may drop the segment meanwhile.</summary>
    public void SyncUnlessDropped()
    {
        try
        {
            Disk.SyncContent(_file);
        }
        catch (ObjectDisposedException) when (_file.IsClosed)
        {
            // Nobody needs what was in it.
        }
    }

    /// <summary>Removes what a power cut left of a write that nobody was told of.</summary>
    public void DropTorn()
    {
        if (_torn > 0)
            Cut(Position, Position + _torn);
        _torn = 0;
    }

    /// <summary>Removes everything from an offset on, so that nothing of it can be taken for an entry again.</summary>
    public void Cut(long position, long upTo)
    {
        Write();
        Position = position;
        if (upTo > position)
            RandomAccess.Write(_file, new byte[upTo - position], position);
        Sync();
    }

    public void Dispose() => _file.Dispose();

    private List<LogEntry> Parse(byte[] content)
    {
        var entries = new List<LogEntry>();
        while (Frame.Read(content.AsMemory((int)Position)) is var (entry, _, length) && entry.Index == First + entries.Count)
        {
            entries.Add(entry);
            Position += length;
        }
        LookBehind(content, First + entries.Count);
        return entries;
    }

    /// <summary>
    /// Behind the last whole entry there are zeros, or what a power cut left of a write that was not synced. But an entry behind
    /// that was written when <paramref name="missing"/> was on disk already proves that it was damaged since.
    /// </summary>
    private void LookBehind(byte[] content, long missing)
    {
        var rest = content.AsSpan((int)Position);
        if (!rest.ContainsAnyExcept((byte)0))
            return;
        for (var at = (int)Position + 1; at <= content.Length - Frame.HeadLength - Frame.FixedLength; at++)
        {
            if (Frame.Read(content.AsMemory(at)) is var (later, synced, _) && synced >= missing && later.Index > missing)
                throw new DamagedLogException(Path, $"entry {missing} at offset {Position} is damaged, and entry {later.Index} behind it is whole");
        }
        _torn = rest.LastIndexOfAnyExcept((byte)0) + 1;
    }
}
