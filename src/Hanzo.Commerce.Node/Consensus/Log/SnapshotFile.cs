using System.Buffers.Binary;
using System.Globalization;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// A state on disk. Head: magic (4), version (4), index (8), term (8), where the members were decided (8), length of the
/// members (4), the members. Then the state, and a checksum of everything before it (4).
/// </summary>
/// <param name="Members">Who the members were at <paramref name="Index"/>.</param>
internal sealed record SnapshotFile(string Path, long Index, long Term, Membership Members)
{
    private const uint Magic = 0x53525a48;
    private const uint Version = 1;
    private const int HeadLength = 36;

    /// <summary>Where it begins in its file, which may hold more than it.</summary>
    private long Offset { get; init; }

    /// <summary>Octets of it.</summary>
    public long Length { get; private init; }

    /// <summary>Writes a snapshot; it has its name only when all of it is on disk.</summary>
    public static SnapshotFile Write(string directory, long index, long term, Membership members, Action<Stream> state)
    {
        var path = PathOf(directory, index);
        var unfinished = path + ".unfinished";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1))
            {
                using (var summed = new SummedStream(file))
                {
                    summed.Write(Head(index, term, members));
                    state(summed);
                    summed.WriteChecksum();
                }
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
            Disk.SyncNames(directory);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
        return new SnapshotFile(path, index, term, members) { Length = new FileInfo(path).Length };
    }

    /// <summary>The newest snapshot of a directory; null for none. Older ones are removed.</summary>
    public static SnapshotFile? Newest(string directory)
    {
        var paths = Directory.GetFiles(directory, "*.snapshot").Order(StringComparer.Ordinal).ToList();
        foreach (var leftOver in Directory.GetFiles(directory, "*.unfinished"))
            File.Delete(leftOver);
        foreach (var older in paths.SkipLast(1))
            File.Delete(older);
        return paths.Count == 0 ? null : Open(paths[^1]);
    }

    /// <summary>Gives a snapshot that came from elsewhere its place and its name.</summary>
    public SnapshotFile Adopt(string directory)
    {
        var path = PathOf(directory, Index);
        File.Move(Path, path, overwrite: true);
        Disk.SyncNames(directory);
        return this with { Path = path };
    }

    /// <summary>Reads the head and proves the checksum.</summary>
    /// <exception cref="DamagedLogException">It is not whole.</exception>
    public static SnapshotFile Open(string path) => Open(path, 0, new FileInfo(path).Length);

    /// <summary>One that is a part of a file.</summary>
    /// <exception cref="DamagedLogException">It is not whole.</exception>
    public static SnapshotFile Open(string path, long offset, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1) { Position = offset };
        var (index, term, members, _) = ReadHead(file, path, length);
        file.Position = offset;
        var (state, left) = (uint.MaxValue, length - sizeof(uint));
        var buffer = new byte[1 << 16];
        while (left > 0)
        {
            // The same blocks as they were written in.
            var block = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            file.ReadExactly(block);
            state = Checksum.Continue(state, block);
            left -= block.Length;
        }
        file.ReadExactly(buffer, 0, sizeof(uint));
        if (BinaryPrimitives.ReadUInt32LittleEndian(buffer) != ~state)
            throw new DamagedLogException(path, "its checksum does not fit its content");
        return new SnapshotFile(path, index, term, members) { Offset = offset, Length = length };
    }

    /// <summary>Hands the state to who reads it.</summary>
    public void Read(Action<Stream> state)
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16) { Position = Offset };
        var (_, _, _, length) = ReadHead(file, Path, Length);
        state(new PartStream(file, Length - length - sizeof(uint)));
    }

    private static string PathOf(string directory, long index) => System.IO.Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{index:D20}.snapshot"));

    private static byte[] Head(long index, long term, Membership members)
    {
        var names = members.Encode();
        var head = new byte[HeadLength + names.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), index);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(16), term);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(24), members.Index);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(32), names.Length);
        names.CopyTo(head, HeadLength);
        return head;
    }

    private static (long Index, long Term, Membership Members, int Length) ReadHead(FileStream file, string path, long whole)
    {
        var head = new byte[HeadLength];
        if (whole < HeadLength + sizeof(uint) || file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false) < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(head) != Magic)
            throw new DamagedLogException(path, "it is no snapshot, or the beginning of one");
        if (BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)) is var version and not Version)
            throw new DamagedLogException(path, $"it is of version {version}, which this program does not know");
        var length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(32));
        if (length < 0 || length > whole - HeadLength - sizeof(uint))
            throw new DamagedLogException(path, "its head is damaged");
        var names = new byte[length];
        file.ReadExactly(names);
        return (BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(16)),
            Membership.Decode(BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(24)), names), HeadLength + length);
    }
}
