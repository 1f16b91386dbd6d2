using System.Buffers;
using System.Buffers.Binary;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// How entries of a log lie on disk: those of one origin that one commit wrote share a row, under the number of the last of
/// them. A row each was as much work for SQLite as the rows of state, and split pages at every commit (ADR 0155). An entry by
/// itself is its own row, which is all that stores of format 2 have. Else: a 0, which no entry begins with; how many; their
/// lengths; their bytes. Numbers are 4 bytes, little endian.
/// </summary>
internal static class LogPack
{
    /// <summary>Bytes after which the next entry begins a row: whoever reads one entry reads its row.</summary>
    private const int Full = 32 * 1024;

    private const byte Several = 0;
    private const int Head = 1 + 4;

    /// <summary>How many of these, from the first on, share a row: 1 or more.</summary>
    /// <param name="rows">One or more, in the order in which they were written.</param>
    public static int CountOf(ReadOnlySpan<LogRow> rows)
    {
        var bytes = rows[0].Body.Length;
        var count = 1;
        while (count < rows.Length && bytes < Full && rows[count].Origin == rows[0].Origin && rows[count].Sequence == rows[0].Sequence + count)
            bytes += rows[count++].Body.Length;
        return count;
    }

    /// <summary>Appends entries, which follow on each other, as they lie in one row.</summary>
    public static void Write(IBufferWriter<byte> into, ReadOnlySpan<LogRow> rows)
    {
        if (rows.Length > 1)
        {
            var head = into.GetSpan(Head + (4 * rows.Length));
            head[0] = Several;
            BinaryPrimitives.WriteInt32LittleEndian(head[1..], rows.Length);
            for (var i = 0; i < rows.Length; i++)
                BinaryPrimitives.WriteInt32LittleEndian(head[(Head + (4 * i))..], rows[i].Body.Length);
            into.Advance(Head + (4 * rows.Length));
        }
        foreach (var row in rows)
            into.Write(row.Body.Span);
    }

    /// <summary>The number of the first entry of a row.</summary>
    /// <param name="last">The number of its last.</param>
    public static long FirstOf(long last, ReadOnlySpan<byte> row) => last - Math.Max(Count(row), 1) + 1;

    /// <summary>The entries of a row in their order; none where it was damaged so that it cannot be taken apart.</summary>
    /// <param name="last">The number of its last.</param>
    public static IEnumerable<LogRow> Read(ReplicaId origin, long last, ReadOnlyMemory<byte> row)
    {
        if (row.Span is not [Several, ..])
        {
            yield return new LogRow(origin, last, row);
            yield break;
        }
        var count = Count(row.Span);
        var at = Head + (4 * count);
        for (var i = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(row.Span[(Head + (4 * i))..]);
            if (length < 0 || length > row.Length - at)
                yield break;
            yield return new LogRow(origin, last - count + 1 + i, row.Slice(at, length));
            at += length;
        }
    }

    /// <summary>0 for a damaged row.</summary>
    private static int Count(ReadOnlySpan<byte> row)
    {
        if (row is not [Several, ..])
            return 1;
        var count = row.Length < Head ? 0 : BinaryPrimitives.ReadInt32LittleEndian(row[1..]);
        return count > 0 && count <= (row.Length - Head) / 4 ? count : 0;
    }
}
