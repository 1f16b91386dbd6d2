using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Hanzo.Commerce.Crdt.Clocks;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>What one transaction of one origin changed: applied whole or not at all.</summary>
/// <param name="Stamp">Hybrid logical time of the origin when it wrote this.</param>
internal sealed record LogEntry(HybridTime Stamp, ImmutableArray<LogChange> Changes)
{
    /// <summary>An entry is at most this large; what is larger is refused, whoever sends it.</summary>
    public const int MaxSize = 1 << 20;

    private const byte Version = 1;

    /// <summary>version, stamp, count, then for each change: collection, key length and key, delta length and delta; little endian.</summary>
    public byte[] Encode()
    {
        var size = 1 + 8 + 2 + Changes.Sum(change => 1 + 2 + Encoding.UTF8.GetByteCount(change.Key.Key) + 4 + change.Delta.Length);
        var bytes = new byte[size];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), Stamp.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(9), checked((ushort)Changes.Length));
        var at = 11;
        foreach (var (key, delta) in Changes)
        {
            bytes[at++] = key.Collection;
            var keyLength = Encoding.UTF8.GetBytes(key.Key, bytes.AsSpan(at + 2));
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)keyLength);
            at += 2 + keyLength;
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), delta.Length);
            delta.Span.CopyTo(bytes.AsSpan(at + 4));
            at += 4 + delta.Length;
        }
        return bytes;
    }

    /// <summary>The entry, or null when the bytes are none: cut short, too long, of a later version, with an impossible key.</summary>
    public static LogEntry? Decode(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length is < 11 or > MaxSize || span[0] != Version)
            return null;
        var stamp = new HybridTime(BinaryPrimitives.ReadUInt64LittleEndian(span[1..]));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(span[9..]);
        var changes = ImmutableArray.CreateBuilder<LogChange>(Math.Min(count, span.Length / 8));
        var at = 11;
        for (var i = 0; i < count; i++)
        {
            if (span.Length - at < 3)
                return null;
            var collection = span[at];
            var keyLength = BinaryPrimitives.ReadUInt16LittleEndian(span[(at + 1)..]);
            at += 3;
            if (keyLength is 0 or > StoreKey.MaxLength || span.Length - at < keyLength + 4 || !Utf8.IsValid(span.Slice(at, keyLength)))
                return null;
            var key = new StoreKey(collection, Encoding.UTF8.GetString(span.Slice(at, keyLength)));
            at += keyLength;
            var length = BinaryPrimitives.ReadInt32LittleEndian(span[at..]);
            at += 4;
            if (length < 0 || span.Length - at < length)
                return null;
            changes.Add(new LogChange(key, bytes.Slice(at, length)));
            at += length;
        }
        return at == span.Length ? new LogEntry(stamp, changes.ToImmutable()) : null;
    }
}

/// <summary>What became of one row, as a state to be merged.</summary>
internal readonly record struct LogChange(StoreKey Key, ReadOnlyMemory<byte> Delta);
