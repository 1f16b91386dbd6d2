using System.Text;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Log;

public sealed class DiskLogTests : IDisposable
{
    private const int SegmentLength = 64 << 10;

    private static readonly Membership Founders = Membership.Of(0, [new Member("a@1", IsVoter: true), new Member("b@1", IsVoter: true)]);

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-log-").FullName;

    private string OnlySegment => Directory.GetFiles(_directory, "*.log").Single();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_synced_is_there_when_it_is_opened_again()
    {
        using (var log = Open())
        {
            log.SetTerm(3, "b@1");
            Write(log, 1, 500);
            log.Sync();
            Assert.Equal(500, log.SyncedIndex);
        }

        using var again = Open();
        Assert.Equal((3, "b@1"), (again.Term, again.Vote));
        Assert.Equal(500, again.LastIndex);
        Assert.Equal(500, again.SyncedIndex);
        Assert.Equal("entry 321", Text(again.Read(321, 1, long.MaxValue)[0]));
    }

    [Fact]
    public void Entries_go_on_over_segments_and_are_read_across_them()
    {
        using (var log = Open())
        {
            Write(log, 1, 3_000);
            log.Sync();
            Assert.True(Directory.GetFiles(_directory, "*.log").Length > 2);
        }

        using var again = Open();
        Assert.Equal(Enumerable.Range(1, 3_000).Select(i => $"entry {i}"), again.Read(1, 3_000, long.MaxValue).Select(Text));
    }

    [Fact]
    public void A_write_that_a_power_cut_tore_is_cut_to_the_last_whole_entry()
    {
        using (var log = Open())
        {
            Write(log, 1, 10);
            log.Sync();
            Write(log, 11, 3);
        }
        // Of the write that was never synced the middle entry reached the disk in part.
        Damage("entry 12");

        using var again = Open();
        Assert.Equal(11, again.LastIndex);
        Write(again, 12, 1);
        again.Sync();
        Assert.Equal("entry 12", Text(again.Read(12, 1, long.MaxValue)[0]));
    }

    [Fact]
    public void A_damaged_entry_that_was_once_acknowledged_ends_the_start_and_says_where_and_what_to_do()
    {
        using (var log = Open())
        {
            Write(log, 1, 10);
            log.Sync();
            Write(log, 11, 1);
            log.Sync();
        }
        Damage("entry 7");

        var refused = Assert.Throws<DamagedLogException>(() => Open());
        Assert.Contains(OnlySegment, refused.Message, StringComparison.Ordinal);
        Assert.Contains("entry 7", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Move the node's data directory away", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_that_is_missing_ends_the_start()
    {
        using (var log = Open())
        {
            Write(log, 1, 3_000);
            log.Sync();
        }
        File.Delete(Directory.GetFiles(_directory, "*.log").Order(StringComparer.Ordinal).ElementAt(1));

        Assert.Throws<DamagedLogException>(() => Open());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1_500)]
    [InlineData(3_000)]
    public void What_was_truncated_does_not_come_back(long from)
    {
        using (var log = Open())
        {
            Write(log, 1, 3_000);
            log.Sync();
            log.SetTerm(2, null);
            log.Truncate(from);
            log.Append([new LogEntry(from, 2, EntryKind.Command, 0, "other"u8.ToArray())]);
            log.Sync();
        }

        using var again = Open();
        Assert.Equal(from, again.LastIndex);
        Assert.Equal("other", Text(again.Read(from, 1, long.MaxValue)[0]));
        Assert.Equal(2, again.TermAt(from));
    }

    [Fact]
    public void A_log_begins_behind_its_snapshot_and_keeps_the_members_it_was_taken_with()
    {
        var members = Membership.Of(5, [new Member("a@1", IsVoter: true), new Member("c@1", IsVoter: false)]);
        using (var log = Open())
        {
            Write(log, 1, 100);
            log.Sync();
            log.Reset(Snapshot(index: 400, term: 7, members));
        }

        using var again = Open(term: 7);
        Assert.Equal((400, 401, 7), (again.LastIndex, again.FirstIndex, again.TermAt(400)));
        Assert.Equal(members.All.ToArray(), again.Members.All.ToArray());
    }

    [Fact]
    public void Entries_that_part_from_an_adopted_snapshot_do_not_outlive_an_end_in_the_middle_of_taking_it()
    {
        using (var log = Open())
        {
            Write(log, 1, 100);
            log.Sync();
        }
        // The leader's snapshot has its name, and the process ended before the log began again behind it.
        Snapshot(index: 50, term: 7, Founders);

        using var again = Open(term: 7);
        Assert.Equal((50, 51, 7), (again.LastIndex, again.FirstIndex, again.TermAt(50)));
    }

    [Fact]
    public void A_log_that_agrees_with_its_snapshot_keeps_what_it_has_behind_it()
    {
        using (var log = Open())
        {
            Write(log, 1, 100);
            log.Sync();
        }
        Snapshot(index: 50, term: 1, Founders);

        using var again = Open();
        Assert.Equal(100, again.LastIndex);
        Assert.Equal("entry 60", Text(again.Read(60, 1, long.MaxValue)[0]));
    }

    [Fact]
    public void A_snapshot_that_is_not_whole_is_refused()
    {
        var snapshot = Snapshot(index: 50, term: 1, Founders);
        var content = File.ReadAllBytes(snapshot.Path);
        content[^9] ^= 1;
        File.WriteAllBytes(snapshot.Path, content);

        Assert.Throws<DamagedLogException>(() => Open());
    }

    private DiskLog Open(long term = 1)
    {
        var log = new DiskLog(_directory, Founders, SegmentLength, kept: 100);
        log.SetTerm(Math.Max(term, log.Term), log.Vote);
        return log;
    }

    private SnapshotFile Snapshot(long index, long term, Membership members) => SnapshotFile.Write(_directory, index, term, members, stream => stream.Write("the state"u8));

    private void Damage(string entry)
    {
        var content = File.ReadAllBytes(OnlySegment);
        content[content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(entry))] ^= 0x20;
        File.WriteAllBytes(OnlySegment, content);
    }

    private static void Write(DiskLog log, long from, int count) =>
        log.Append([.. Enumerable.Range(0, count).Select(i => new LogEntry(from + i, 1, EntryKind.Command, 0, Encoding.UTF8.GetBytes($"entry {from + i}")))]);

    private static string Text(LogEntry entry) => Encoding.UTF8.GetString(entry.Content.Span);
}
