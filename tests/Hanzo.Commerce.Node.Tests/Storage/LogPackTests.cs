using System.Buffers;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Tests.Storage;

public sealed class LogPackTests
{
    private static readonly ReplicaId East = Origin.Of("us-east", 1);
    private static readonly ReplicaId West = Origin.Of("eu-west", 1);

    /// <summary>Entries begin with a 1, as those of <see cref="LogEntry"/> do.</summary>
    private static LogRow Entry(long sequence, int length = 5) => new(East, sequence, Enumerable.Range(0, length).Select(at => (byte)(at == 0 ? 1 : sequence + at)).ToArray());

    private static byte[] RowOf(params LogRow[] rows)
    {
        var bytes = new ArrayBufferWriter<byte>();
        LogPack.Write(bytes, rows);
        return bytes.WrittenSpan.ToArray();
    }

    private static IEnumerable<(long, string)> Told(IEnumerable<LogRow> rows) => rows.Select(row => (row.Sequence, Convert.ToHexString(row.Body.Span)));

    [Fact]
    public void Entries_come_out_of_a_row_as_they_were_put_in()
    {
        LogRow[] rows = [Entry(7), Entry(8, length: 1), Entry(9, length: 3000)];
        var row = RowOf(rows);
        Assert.Equal(Told(rows), Told(LogPack.Read(East, 9, row)));
        Assert.Equal(7, LogPack.FirstOf(9, row));
    }

    [Fact]
    public void An_entry_by_itself_lies_as_it_did_before_entries_shared_rows()
    {
        Assert.Equal(Entry(7).Body.ToArray(), RowOf(Entry(7)));
        Assert.Equal(Told([Entry(7)]), Told(LogPack.Read(East, 7, Entry(7).Body)));
        Assert.Equal(7, LogPack.FirstOf(7, Entry(7).Body.Span));
    }

    [Fact]
    public void Only_what_follows_on_each_other_in_one_log_shares_a_row_and_a_large_entry_ends_it()
    {
        Assert.Equal(3, LogPack.CountOf([Entry(1), Entry(2), Entry(3)]));
        Assert.Equal(2, LogPack.CountOf([Entry(1), Entry(2), Entry(4)]));
        Assert.Equal(1, LogPack.CountOf([Entry(1), Entry(2) with { Origin = West }]));
        Assert.Equal(2, LogPack.CountOf([Entry(1), Entry(2, length: 100_000), Entry(3)]));
    }

    [Fact]
    public void Of_a_damaged_row_nothing_is_told_that_is_not_in_it()
    {
        var row = RowOf(Entry(7), Entry(8), Entry(9));
        for (var length = 1; length < row.Length; length++)
            Assert.Subset(Told([Entry(7), Entry(8), Entry(9)]).ToHashSet(), Told(LogPack.Read(East, 9, row.AsMemory(0, length))).ToHashSet());
        Array.Fill(row, (byte)0xFF, 1, row.Length - 1);
        Assert.Empty(LogPack.Read(East, 9, row));
        Assert.Equal(9, LogPack.FirstOf(9, row));
    }
}
