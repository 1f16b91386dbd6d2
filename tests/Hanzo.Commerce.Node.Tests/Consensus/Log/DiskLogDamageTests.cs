using System.Text;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Log;

public sealed class DiskLogDamageTests : IDisposable
{
    private static readonly Membership Founders = Membership.Of(0, [new Member("n0@1", IsVoter: true)]);

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-log-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_synced_is_there_again_with_term_and_vote()
    {
        using (var log = Open())
        {
            log.SetTerm(3, "n1@7");
            Write(log, 1, 500);
            log.Sync();
        }

        using var again = Open();
        Assert.Equal((500, 500, 3, "n1@7"), (again.LastIndex, again.SyncedIndex, again.Term, again.Vote));
        Assert.Equal("command 250", TextAt(again, 250));
    }

    [Fact]
    public void A_torn_end_is_removed_and_the_log_goes_on()
    {
        using (var log = Open())
        {
            Write(log, 1, 10);
            log.Sync();
            Write(log, 11, 1);
        }
        Damage(behind: "command 11");

        using (var again = Open())
        {
            Assert.Equal(10, again.LastIndex);
            Write(again, 11, 5);
            again.Sync();
        }
        using var third = Open();
        Assert.Equal(15, third.LastIndex);
    }

    [Fact]
    public void An_entry_that_was_on_disk_and_is_damaged_is_told_and_not_passed_over()
    {
        using (var log = Open())
        {
            for (var first = 1; first <= 20; first++)
            {
                Write(log, first, 1);
                log.Sync();
            }
        }
        Damage(behind: "command 7");

        var refused = Assert.Throws<DamagedLogException>(Open);
        Assert.Contains("entry 7 at offset", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Move the node's data directory away", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_taken_back_stays_gone_across_segments()
    {
        using (var log = Open())
        {
            Write(log, 1, 5_000);
            log.Sync();
            log.Truncate(1_000);
            Assert.Equal(999, log.LastIndex);
            Write(log, 1_000, 1, term: 2);
            log.Sync();
        }

        using var again = Open();
        Assert.Equal((1_000, 2), (again.LastIndex, again.TermAt(1_000)));
        Assert.Equal("command 999", TextAt(again, 999));
    }

    [Fact]
    public void Behind_a_snapshot_old_entries_are_dropped_and_the_rest_is_read_again()
    {
        using (var log = Open())
        {
            Write(log, 1, 6_000);
            log.Sync();
            log.Take(SnapshotFile.Write(_directory, 5_500, 1, Founders, state => state.Write("the state"u8)), keep: 100);
            Assert.InRange(log.FirstIndex, 2, 5_401);
        }

        using var again = Open();
        Assert.Equal((6_000, 5_500), (again.LastIndex, again.SnapshotIndex));
        var text = "";
        again.Snapshot!.Read(state => text = new StreamReader(state).ReadToEnd());
        Assert.Equal("the state", text);
    }

    [Fact]
    public void Members_are_those_of_the_last_entry_that_names_them()
    {
        using var log = Open();
        var later = Membership.Of(2, [new Member("n0@1", IsVoter: true), new Member("n1@1", IsVoter: false)]);
        Write(log, 1, 1);
        log.Append([new LogEntry(2, 1, EntryKind.Members, 0, later.Encode())]);
        Assert.Equal(later.All.AsEnumerable(), log.Members.All);
        log.Truncate(2);
        Assert.Equal(Founders.All.AsEnumerable(), log.Members.All);
    }

    private DiskLog Open() => new(_directory, Founders, segmentLength: 64 << 10, kept: 100);

    private static void Write(DiskLog log, long first, int count, long term = 1)
    {
        log.SetTerm(Math.Max(log.Term, term), log.Vote);
        log.Append([.. Enumerable.Range(0, count).Select(i => new LogEntry(first + i, term, EntryKind.Command, 7, Encoding.UTF8.GetBytes($"command {first + i}")))]);
    }

    private static string TextAt(DiskLog log, long index) => Encoding.UTF8.GetString(log.Read(index, 1, long.MaxValue)[0].Content.Span);

    private void Damage(string behind)
    {
        var path = Directory.GetFiles(_directory, "*.log").Order(StringComparer.Ordinal).Last();
        var content = File.ReadAllBytes(path);
        var at = content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(behind));
        content[at] ^= 0xff;
        File.WriteAllBytes(path, content);
    }
}
