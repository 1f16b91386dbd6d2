using System.Buffers.Binary;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// An entry on disk, little-endian: length of what follows the checksum (4 octets), checksum of it (4), how far the log was
/// synced when this was written (8), index (8), term (8), stamp (8), kind (1), content.
/// </summary>
internal static class Frame
{
    public const int HeadLength = 8;
    public const int FixedLength = 33;

    public static int LengthOf(LogEntry entry) => HeadLength + FixedLength + entry.Content.Length;

    public static void Write(Span<byte> to, LogEntry entry, long synced)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, FixedLength + entry.Content.Length);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], synced);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], entry.Index);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], entry.Term);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], entry.Stamp);
        to[40] = (byte)entry.Kind;
        entry.Content.Span.CopyTo(to[41..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Checksum.Of(to[8..LengthOf(entry)]));
    }

    /// <summary>The content of an entry whose frame begins here; it shares the memory.</summary>
    public static ReadOnlyMemory<byte> ContentAt(ReadOnlyMemory<byte> frame, LogEntry entry) => frame.Slice(HeadLength + FixedLength, entry.Content.Length);

    /// <summary>Reads one; null where there is no whole one. Its content shares the memory of <paramref name="from"/>.</summary>
    public static (LogEntry Entry, long Synced, int Length)? Read(ReadOnlyMemory<byte> from)
    {
        var span = from.Span;
        if (span.Length < HeadLength + FixedLength)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(span);
        if (length < FixedLength || length > span.Length - HeadLength
            || Checksum.Of(span.Slice(HeadLength, length)) != BinaryPrimitives.ReadUInt32LittleEndian(span[4..]))
            return null;
        var entry = new LogEntry(
            BinaryPrimitives.ReadInt64LittleEndian(span[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(span[24..]),
            (EntryKind)span[40],
            BinaryPrimitives.ReadInt64LittleEndian(span[32..]),
            from.Slice(41, length - FixedLength));
        return (entry, BinaryPrimitives.ReadInt64LittleEndian(span[8..]), HeadLength + length);
    }
}
