using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Commerce.Node.Consensus.Log;

namespace Hanzo.Commerce.Node.Consensus.Backups;

/// <summary>
/// The states of all shards as of one instant, in one file: magic (8), length of the head (4), the head as JSON, a checksum
/// of everything before it (4); then a snapshot of each shard, with its own checksum.
/// </summary>
/// <param name="Shards">In order of their numbers, each proved whole.</param>
internal sealed record BackupFile(BackupHead Head, ImmutableArray<SnapshotFile> Shards)
{
    private const int MagicLength = 8;
    private const int MaxHead = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "HANZOBK\n"u8;

    /// <summary>What comes before the snapshots.</summary>
    public static byte[] Encode(BackupHead head)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(head, BackupJson.Default.BackupHead);
        var encoded = new byte[MagicLength + sizeof(int) + json.Length + sizeof(uint)];
        Magic.CopyTo(encoded);
        BinaryPrimitives.WriteInt32LittleEndian(encoded.AsSpan(MagicLength), json.Length);
        json.CopyTo(encoded, MagicLength + sizeof(int));
        BinaryPrimitives.WriteUInt32LittleEndian(encoded.AsSpan(^sizeof(uint)), Checksum.Of(encoded.AsSpan(..^sizeof(uint))));
        return encoded;
    }

    /// <summary>Reads a backup and proves every checksum in it.</summary>
    /// <exception cref="DamagedBackupException">It is not whole, or no backup that this program knows.</exception>
    public static BackupFile Open(string path)
    {
        var (head, at) = ReadHead(path);
        var length = new FileInfo(path).Length;
        var shards = ImmutableArray.CreateBuilder<SnapshotFile>(head.Shards.Length);
        foreach (var (shard, part) in head.Shards.Index())
        {
            if (part.Bytes > length - at)
                throw new DamagedBackupException(path, $"it ends within the state of shard {shard}");
            shards.Add(OpenPart(path, shard, at, part));
            at += part.Bytes;
        }
        return at == length ? new BackupFile(head, shards.DrainToImmutable()) : throw new DamagedBackupException(path, $"{length - at} octets follow its end");
    }

    private static SnapshotFile OpenPart(string path, int shard, long at, BackupShard part)
    {
        try
        {
            var snapshot = SnapshotFile.Open(path, at, part.Bytes);
            return (snapshot.Index, snapshot.Term) == (part.Index, part.Term) ? snapshot
                : throw new DamagedBackupException(path, $"the state of shard {shard} is of entry {snapshot.Index}, and the head says {part.Index}");
        }
        catch (DamagedLogException damaged)
        {
            throw new DamagedBackupException(path, $"the state of shard {shard} is damaged: {damaged.What}");
        }
    }

    private static (BackupHead Head, long Length) ReadHead(string path)
    {
        using var file = File.OpenRead(path);
        var begin = new byte[MagicLength + sizeof(int)];
        if (file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) < begin.Length || !begin.AsSpan(0, MagicLength).SequenceEqual(Magic))
            throw new DamagedBackupException(path, "it is no backup of a cluster of nodes");
        var length = BinaryPrimitives.ReadInt32LittleEndian(begin.AsSpan(MagicLength));
        if (length is < 0 or > MaxHead)
            throw new DamagedBackupException(path, "its head is damaged");
        var encoded = new byte[begin.Length + length + sizeof(uint)];
        begin.CopyTo(encoded, 0);
        var rest = encoded.AsSpan(begin.Length);
        if (file.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) < rest.Length || Checksum.Of(encoded.AsSpan(..^sizeof(uint))) != BinaryPrimitives.ReadUInt32LittleEndian(encoded.AsSpan(^sizeof(uint))))
            throw new DamagedBackupException(path, "its head is damaged");
        var head = JsonSerializer.Deserialize(rest[..^sizeof(uint)], BackupJson.Default.BackupHead)!;
        return head.Version == BackupHead.Known ? (head, encoded.Length) : throw new DamagedBackupException(path, $"it is of version {head.Version}, which this program does not know");
    }
}

/// <summary>A file that no cluster can be restored from, and why.</summary>
internal sealed class DamagedBackupException(string file, string what) : IOException($"{file}: {what}");
