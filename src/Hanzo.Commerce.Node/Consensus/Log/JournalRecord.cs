using System.Buffers.Binary;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// A record of the journal, little-endian: length of what follows the checksum (4 octets), checksum of it (4), which use of the
/// file it belongs to (8), its number (8), the number of the last record that was on disk when this was written (8), shard (4),
/// kind (1), content.
/// </summary>
internal readonly record struct JournalRecord(long Use, long Number, long Synced, int Shard, JournalRecordKind Kind, ReadOnlyMemory<byte> Content)
{
    public const int FixedLength = 37;

    private const int HeadLength = 8;

    public int Length => FixedLength + Content.Length;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, Length - HeadLength);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], Use);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], Synced);
        BinaryPrimitives.WriteInt32LittleEndian(to[32..], Shard);
        to[36] = (byte)Kind;
        Content.Span.CopyTo(to[FixedLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Checksum.Of(to[HeadLength..Length]));
    }

    /// <summary>Reads one of a use of a file; null where there is no whole one. Its content shares the memory of <paramref name="from"/>.</summary>
    public static JournalRecord? Read(ReadOnlyMemory<byte> from, long use)
    {
        var span = from.Span;
        if (span.Length < FixedLength || BinaryPrimitives.ReadInt64LittleEndian(span[8..]) != use)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(span);
        if (length < FixedLength - HeadLength || length > span.Length - HeadLength
            || Checksum.Of(span.Slice(HeadLength, length)) != BinaryPrimitives.ReadUInt32LittleEndian(span[4..]))
            return null;
        return new JournalRecord(
            use,
            BinaryPrimitives.ReadInt64LittleEndian(span[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(span[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(span[32..]),
            (JournalRecordKind)span[36],
            from[FixedLength..(HeadLength + length)]);
    }
}

/// <summary>What a record says. The numbers are part of the journal's format.</summary>
internal enum JournalRecordKind : byte
{
    /// <summary>Frames of entries, each behind the one before.</summary>
    Entries = 0,

    /// <summary>The shard's segments have everything up to an index (8 octets), on disk, and what the journal had of it before means nothing any more.</summary>
    Settled = 1,
}
