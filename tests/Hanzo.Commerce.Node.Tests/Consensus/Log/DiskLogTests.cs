using System.Text;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Log;

public sealed class DiskLogTests : IDisposable
{
    private const int SegmentLength = 64 << 10;

    private static readonly Membership Founders = Membership.Of(0, [new Member("a@1", IsVoter: true), new Member("b@1", IsVoter: true)]);

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-log-").FullName;

    private string OnlySegment => Directory.GetFiles(ShardLogs.DirectoryOf(_directory, 0), "*.log").Single();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_synced_is_there_when_it_is_opened_again()
    {
        using (var logs = Open())
        {
            var log = logs[0];
            log.SetTerm(3, "b@1");
            Write(log, 1, 500);
            logs.Sync();
            Assert.Equal(500, log.SyncedIndex);
        }

        using var againLogs = Open();
        var again = againLogs[0];
        Assert.Equal((3, "b@1"), (again.Term, again.Vote));
        Assert.Equal(500, again.LastIndex);
        Assert.Equal(500, again.SyncedIndex);
        Assert.Equal("entry 321", Text(again.Read(321, 1, long.MaxValue)[0]));
    }

    [Fact]
    public void Entries_go_on_over_segments_and_are_read_across_them()
    {
        using (var logs = Open())
        {
            var log = logs[0];
            Write(log, 1, 3_000);
            logs.Sync();
            Assert.True(Directory.GetFiles(ShardLogs.DirectoryOf(_directory, 0), "*.log").Length > 2);
        }

        using var againLogs = Open();
        var again = againLogs[0];
        Assert.Equal(Enumerable.Range(1, 3_000).Select(i => $"entry {i}"), again.Read(1, 3_000, long.MaxValue).Select(Text));
    }

    [Fact]
    public void A_damaged_entry_that_was_once_acknowledged_ends_every_start_and_says_where_and_what_to_do()
    {
        using (var logs = Open())
            Write(logs[0], 1, 10);
        Damage("entry 7");

        Assert.Throws<DamagedLogException>(() => Open());
        var refused = Assert.Throws<DamagedLogException>(() => Open());
        Assert.Contains(OnlySegment, refused.Message, StringComparison.Ordinal);
        Assert.Contains("entry 7 at offset", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Move the node's data directory away", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_entry_is_told_by_those_behind_it_too()
    {
        using (var logs = Open())
            Write(logs[0], 1, 10);
        using (var logs = Open())
            Write(logs[0], 11, 1);
        Damage("entry 7");
        foreach (var journal in Directory.GetFiles(_directory, "*.journal"))
            File.Delete(journal);

        var refused = Assert.Throws<DamagedLogException>(() => Open());
        Assert.Contains("entry 7 at offset", refused.Message, StringComparison.Ordinal);
        Assert.Contains("entry 11 behind it is whole", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_that_is_missing_ends_the_start()
    {
        using (var logs = Open())
        {
            var log = logs[0];
            Write(log, 1, 3_000);
            logs.Sync();
        }
        File.Delete(Directory.GetFiles(ShardLogs.DirectoryOf(_directory, 0), "*.log").Order(StringComparer.Ordinal).ElementAt(1));

        Assert.Throws<DamagedLogException>(() => Open());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1_500)]
    [InlineData(3_000)]
    public void What_was_truncated_does_not_come_back(long from)
    {
        using (var logs = Open())
        {
            var log = logs[0];
            Write(log, 1, 3_000);
            logs.Sync();
            log.SetTerm(2, null);
            log.Truncate(from);
            log.Append([new LogEntry(from, 2, EntryKind.Command, 0, "other"u8.ToArray())]);
            logs.Sync();
        }

        using var againLogs = Open();
        var again = againLogs[0];
        Assert.Equal(from, again.LastIndex);
        Assert.Equal("other", Text(again.Read(from, 1, long.MaxValue)[0]));
        Assert.Equal(2, again.TermAt(from));
    }

    [Fact]
    public void A_log_begins_behind_its_snapshot_and_keeps_the_members_it_was_taken_with()
    {
        var members = Membership.Of(5, [new Member("a@1", IsVoter: true), new Member("c@1", IsVoter: false)]);
        using (var logs = Open())
        {
            var log = logs[0];
            Write(log, 1, 100);
            logs.Sync();
            log.Reset(Snapshot(index: 400, term: 7, members));
        }

        using var againLogs = Open(term: 7);
        var again = againLogs[0];
        Assert.Equal((400, 401, 7), (again.LastIndex, again.FirstIndex, again.TermAt(400)));
        Assert.Equal(members.All.ToArray(), again.Members.All.ToArray());
    }

    [Fact]
    public void Entries_that_part_from_an_adopted_snapshot_do_not_outlive_an_end_in_the_middle_of_taking_it()
    {
        using (var logs = Open())
        {
            var log = logs[0];
            Write(log, 1, 100);
            logs.Sync();
        }
        // The leader's snapshot has its name, and the process ended before the log began again behind it.
        Snapshot(index: 50, term: 7, Founders);

        using var againLogs = Open(term: 7);
        var again = againLogs[0];
        Assert.Equal((50, 51, 7), (again.LastIndex, again.FirstIndex, again.TermAt(50)));
    }

    [Fact]
    public void A_log_that_agrees_with_its_snapshot_keeps_what_it_has_behind_it()
    {
        using (var logs = Open())
        {
            var log = logs[0];
            Write(log, 1, 100);
            logs.Sync();
        }
        Snapshot(index: 50, term: 1, Founders);

        using var againLogs = Open();
        var again = againLogs[0];
        Assert.Equal(100, again.LastIndex);
        Assert.Equal("entry 60", Text(again.Read(60, 1, long.MaxValue)[0]));
    }

    [Fact]
    public void Behind_a_snapshot_old_entries_are_dropped_and_the_rest_is_read_again()
    {
        using (var logs = Open())
        {
            var log = logs[0];
            Write(log, 1, 6_000);
            logs.Sync();
            log.Take(Snapshot(index: 5_500, term: 1, Founders), keep: 100);
            Assert.InRange(log.FirstIndex, 2, 5_401);
        }

        using var againLogs = Open();
        var again = againLogs[0];
        Assert.Equal((6_000, 5_500), (again.LastIndex, again.SnapshotIndex));
        var text = "";
        again.Snapshot!.Read(state => text = new StreamReader(state).ReadToEnd());
        Assert.Equal("the state", text);
    }

    [Fact]
    public void Members_are_those_of_the_last_entry_that_names_them()
    {
        using var logs = Open();
        var log = logs[0];
        var later = Membership.Of(2, [new Member("a@1", IsVoter: true), new Member("c@1", IsVoter: false)]);
        Write(log, 1, 1);
        log.Append([new LogEntry(2, 1, EntryKind.Members, 0, later.Encode())]);
        Assert.Equal(later.All.AsEnumerable(), log.Members.All);
        log.Truncate(2);
        Assert.Equal(Founders.All.AsEnumerable(), log.Members.All);
    }

    [Fact]
    public void A_snapshot_that_is_not_whole_is_refused()
    {
        Open().Dispose();
        var snapshot = Snapshot(index: 50, term: 1, Founders);
        var content = File.ReadAllBytes(snapshot.Path);
        content[^9] ^= 1;
        File.WriteAllBytes(snapshot.Path, content);

        Assert.Throws<DamagedLogException>(() => Open());
    }

    private ShardLogs Open(long term = 1)
    {
        var logs = new ShardLogs(_directory, 1, Founders, SegmentLength, SegmentLength, kept: 100);
        logs[0].SetTerm(Math.Max(term, logs[0].Term), logs[0].Vote);
        return logs;
    }

    private SnapshotFile Snapshot(long index, long term, Membership members) => SnapshotFile.Write(ShardLogs.DirectoryOf(_directory, 0), index, term, members, stream => stream.Write("the state"u8));

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
