using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>Contents of frames as bytes; little endian. Reading answers null for what cannot be.</summary>
internal static class Wire
{
    /// <summary>More origins than a cluster ever has: every member, and every disk it lost.</summary>
    private const int MostOrigins = 4096;

    public static byte[] Position(VersionVector vector, HybridTime stamp)
    {
        var bytes = new byte[8 + vector.Entries.Length * 16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, stamp.Value);
        var at = 8;
        foreach (var (origin, sequence) in vector.Entries)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), origin.Value);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + 8), sequence);
            at += 16;
        }
        return bytes;
    }

    public static (VersionVector Vector, HybridTime Stamp)? ReadPosition(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 || (bytes.Length - 8) % 16 != 0 || bytes.Length > 8 + MostOrigins * 16)
            return null;
        var known = new List<KeyValuePair<ReplicaId, long>>();
        for (var at = 8; at < bytes.Length; at += 16)
        {
            var sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[(at + 8)..]);
            if (sequence < 1)
                return null;
            known.Add(KeyValuePair.Create(new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..])), sequence));
        }
        return (VersionVector.Of(known), new HybridTime(BinaryPrimitives.ReadUInt64LittleEndian(bytes)));
    }

    /// <summary>Origin, first sequence number, then each entry with its length.</summary>
    public static byte[] Entries(ReadOnlySpan<LogRow> rows)
    {
        var writer = new ArrayBufferWriter<byte>(4096);
        Put(writer, rows[0].Origin.Value);
        Put(writer, (ulong)rows[0].Sequence);
        foreach (var row in rows)
            Put(writer, row.Body.Span);
        return writer.WrittenSpan.ToArray();
    }

    public static List<LogRow>? ReadEntries(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 16)
            return null;
        var origin = new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span));
        var sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[8..]);
        var rows = new List<LogRow>();
        for (bytes = bytes[16..]; !bytes.IsEmpty;)
        {
            if (TakeBytes(ref bytes) is not { } body)
                return null;
            rows.Add(new LogRow(origin, sequence++, body));
        }
        return rows;
    }

    /// <summary>Each row: collection, key with its length, value with its length.</summary>
    public static void PutRow(ArrayBufferWriter<byte> writer, StoreKey key, ReadOnlySpan<byte> value)
    {
        writer.GetSpan(1)[0] = key.Collection;
        writer.Advance(1);
        Put(writer, Encoding.UTF8.GetBytes(key.Key));
        Put(writer, value);
    }

    public static List<(StoreKey Key, ReadOnlyMemory<byte> Value)>? ReadRows(ReadOnlyMemory<byte> bytes)
    {
        var rows = new List<(StoreKey, ReadOnlyMemory<byte>)>();
        while (!bytes.IsEmpty)
        {
            var collection = bytes.Span[0];
            bytes = bytes[1..];
            if (TakeBytes(ref bytes) is not { Length: > 0 and <= StoreKey.MaxLength } key || !Utf8.IsValid(key.Span) || TakeBytes(ref bytes) is not { } value)
                return null;
            rows.Add((new StoreKey(collection, Encoding.UTF8.GetString(key.Span)), value));
        }
        return rows;
    }

    /// <summary>What a follower asks for: where it stands, and the members whose logs it wants.</summary>
    public static byte[] Request(VersionVector vector, IReadOnlyCollection<uint> members)
    {
        var writer = new ArrayBufferWriter<byte>();
        Put(writer, Position(vector, default));
        foreach (var member in members)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(writer.GetSpan(4), member);
            writer.Advance(4);
        }
        return writer.WrittenSpan.ToArray();
    }

    public static (VersionVector Vector, HashSet<uint> Members)? ReadRequest(ReadOnlyMemory<byte> bytes)
    {
        if (TakeBytes(ref bytes) is not { } position || ReadPosition(position.Span) is not { } read || bytes.Length % 4 != 0)
            return null;
        var members = new HashSet<uint>();
        for (; !bytes.IsEmpty; bytes = bytes[4..])
            members.Add(BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span));
        return (read.Vector, members);
    }

    private static void Put(ArrayBufferWriter<byte> writer, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    private static void Put(ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        var span = writer.GetSpan(4 + bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span, bytes.Length);
        bytes.CopyTo(span[4..]);
        writer.Advance(4 + bytes.Length);
    }

    private static ReadOnlyMemory<byte>? TakeBytes(ref ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 4 || BinaryPrimitives.ReadInt32LittleEndian(bytes.Span) is var length && (length < 0 || bytes.Length - 4 < length))
            return null;
        var taken = bytes.Slice(4, length);
        bytes = bytes[(4 + length)..];
        return taken;
    }
}
