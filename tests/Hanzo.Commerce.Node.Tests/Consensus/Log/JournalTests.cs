using System.Globalization;
using System.Text;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Tests.Consensus.Log;

/// <summary>What the journal keeps of several shards when a process is killed, or the power is cut while segments are not synced.</summary>
public sealed class JournalTests : IDisposable
{
    private const int Shards = 3;

    private static readonly Membership Founders = Membership.Of(0, [new Member("a@1", IsVoter: true)]);

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-journal-").FullName;
    private int _copies;

    private string Home => Path.Combine(_directory, "home");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void One_sync_is_for_all_shards()
    {
        using var logs = Open(Home);
        var before = logs.Syncs;
        for (var shard = 0; shard < Shards; shard++)
            Write(logs, shard, 1, 10 + shard);
        logs.Sync();
        logs.Sync();

        Assert.Equal(before + 1, logs.Syncs);
        Assert.Equal([10, 11, 12], Enumerable.Range(0, Shards).Select(shard => logs[shard].SyncedIndex));
    }

    [Fact]
    public void What_was_synced_outlasts_an_end_that_nothing_was_written_before()
    {
        using var logs = Open(Home);
        for (var shard = 0; shard < Shards; shard++)
            Write(logs, shard, 1, 10 + shard);
        logs.Sync();
        Write(logs, 0, 11, 1);

        using var again = Open(Copy());
        Assert.Equal([10, 11, 12], Enumerable.Range(0, Shards).Select(shard => again[shard].LastIndex));
        Assert.Equal("0:10", TextAt(again[0], 10));
        Assert.Equal("2:12", TextAt(again[2], 12));
    }

    [Fact]
    public void Whatever_part_of_unsynced_segments_reached_the_disk_the_journal_has_the_rest()
    {
        using var logs = Open(Home, journal: 1 << 20, segment: 1 << 20);
        var before = File.ReadAllBytes(SegmentOf(Home));
        for (var first = 1; first <= 101; first += 50)
            Write(logs, 0, first, 50, size: 1_000);
        logs.Sync();
        var after = File.ReadAllBytes(SegmentOf(Home));
        var end = after.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        Assert.InRange(end, 64 << 10, 140_000);

        for (var cut = 0; cut <= end; cut += 9_999)
        {
            Survives([.. after[..cut], .. before[cut..]]);
            Survives([.. before[..cut], .. after[cut..]]);
        }

        void Survives(byte[] segment)
        {
            var copy = Copy();
            File.WriteAllBytes(SegmentOf(copy), segment);
            // A head is synced before anything is written behind it.
            using (var head = File.OpenHandle(SegmentOf(copy), access: FileAccess.Write))
                RandomAccess.Write(head, before.AsSpan(0, Segment.HeadLength), 0);
            using var again = Open(copy);
            Assert.Equal(Enumerable.Range(1, 150).Select(i => $"0:{i}"), again[0].Read(1, 150, long.MaxValue).Select(Text));
        }
    }

    [Fact]
    public void A_torn_end_is_passed_over_and_the_log_goes_on()
    {
        using var logs = Open(Home);
        Write(logs, 0, 1, 10);
        logs.Sync();
        var journal = InUse(Home);
        var before = File.ReadAllBytes(journal);
        Write(logs, 0, 11, 2);
        logs.Sync();
        var after = File.ReadAllBytes(journal);
        var (from, to) = (before.AsSpan().CommonPrefixLength(after), after.AsSpan().LastIndexOfAnyExcept((byte)0) + 1);

        for (var cut = from; cut < to; cut += 7)
        {
            var copy = Copy();
            File.WriteAllBytes(journal.Replace(Home, copy, StringComparison.Ordinal), [.. after[..cut], .. before[cut..]]);
            using (var again = Open(copy))
            {
                Assert.Equal(10, again[0].LastIndex);
                Write(again, 0, 11, 1, term: 2);
            }
            using var third = Open(copy);
            Assert.Equal((11, 2), (third[0].LastIndex, third[0].TermAt(11)));
        }
    }

    [Fact]
    public void A_record_that_was_on_disk_and_is_damaged_ends_the_start_and_says_where()
    {
        using var logs = Open(Home);
        for (var index = 1; index <= 5; index++)
        {
            Write(logs, 0, index, 1);
            logs.Sync();
        }
        var journal = InUse(Home).Replace(Home, Copy(), StringComparison.Ordinal);
        Damage(journal, "0:2");

        var refused = Assert.Throws<DamagedLogException>(() => Open(Path.GetDirectoryName(journal)!));
        Assert.Contains(journal, refused.Message, StringComparison.Ordinal);
        Assert.Contains("is damaged, and record", refused.Message, StringComparison.Ordinal);
        Assert.Contains(" at offset ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_that_is_lost_in_part_ends_the_start()
    {
        using var logs = Open(Home);
        Write(logs, 0, 1, 5);
        logs.Sync();
        var copy = Copy();
        var other = Directory.GetFiles(copy, "*.journal").Single(path => Path.GetFileName(path) != Path.GetFileName(InUse(Home)));
        File.Delete(other);

        Assert.Throws<DamagedLogException>(() => Open(copy));
        Assert.Contains(other, Assert.Throws<DamagedLogException>(() => Open(copy)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Segments_that_end_before_the_journal_begins_end_the_start()
    {
        using var logs = Open(Home);
        for (var first = 1; first < 8_000; first += 100)
            Write(logs, 1, first, 100);
        logs.Sync();
        var copy = Copy();
        foreach (var segment in Directory.GetFiles(Path.Combine(copy, "shard-1"), "*.log").Order(StringComparer.Ordinal).Skip(1))
            File.Delete(segment);

        Assert.Contains("is damaged or missing; by the journal", Assert.Throws<DamagedLogException>(() => Open(copy)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_are_larger_than_the_journal_outlast_an_end_too()
    {
        using var logs = Open(Home);
        Write(logs, 0, 1, 3);
        Write(logs, 0, 4, 1, size: 200_000);
        Write(logs, 0, 5, 3);
        logs.Sync();

        using var again = Open(Copy());
        Assert.Equal(Enumerable.Range(1, 7).Select(i => $"0:{i}"), again[0].Read(1, 7, long.MaxValue).Select(Text));
    }

    [Fact]
    public void An_end_in_the_middle_of_taking_entries_back_leaves_them_all()
    {
        using var logs = Open(Home);
        Write(logs, 0, 1, 100);
        logs.Sync();
        logs[0].Settle();
        var whole = File.ReadAllBytes(SegmentOf(Home));
        logs[0].Truncate(50);
        var copy = Copy();
        using (var again = Open(copy))
            Assert.Equal(49, again[0].LastIndex);

        // The journal knew of it already, the segment not yet.
        copy = Copy();
        File.WriteAllBytes(SegmentOf(copy), whole);
        using var middle = Open(copy);
        Assert.Equal(100, middle[0].LastIndex);
    }

    [Fact]
    public void A_disk_without_room_for_the_journal_ends_the_start()
    {
        Directory.CreateDirectory(Home);
        File.CreateSymbolicLink(Path.Combine(Home, "0.journal.unfinished"), "/dev/full");

        Assert.Contains("0.journal", Assert.Throws<IOException>(() => Open(Home)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_of_a_program_without_a_journal_opens()
    {
        using (var logs = Open(Home))
            Write(logs, 0, 1, 2_000);
        foreach (var journal in Directory.GetFiles(Home, "*.journal"))
            File.Delete(journal);

        using var again = Open(Home);
        Assert.Equal(2_000, again[0].LastIndex);
    }

    /// <summary>Anything that a log is asked to do, in any order, with ends at any moment: what was synced is there, and what was taken back is not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_any_end_every_shard_has_what_was_synced(int seed)
    {
        var random = new Random(seed);
        var directory = Home;
        var logs = Open(directory);
        var written = Enumerable.Range(0, Shards).Select(_ => new SortedDictionary<long, long>()).ToArray();
        var synced = new long[Shards];
        for (var step = 0; step < 400; step++)
        {
            var shard = random.Next(Shards);
            var (log, terms) = (logs[shard], written[shard]);
            switch (random.Next(40))
            {
                case 0 when log.LastIndex > log.SnapshotIndex + 1:
                    var from = random.NextInt64(Math.Max(log.SnapshotIndex + 1, log.LastIndex - 200), log.LastIndex) + 1;
                    log.Truncate(from);
                    foreach (var gone in terms.Keys.Where(index => index >= from).ToArray())
                        terms.Remove(gone);
                    break;
                case 1:
                    var index = log.LastIndex + random.Next(1, 50);
                    log.SetTerm(log.Term + 1, null);
                    log.Reset(SnapshotFile.Write(ShardLogs.DirectoryOf(directory, shard), index, log.Term, Founders, to => to.WriteByte(1)));
                    terms.Clear();
                    break;
                case 2 when log.SyncedIndex > log.SnapshotIndex + 1:
                    log.Take(SnapshotFile.Write(ShardLogs.DirectoryOf(directory, shard), log.SyncedIndex, log.TermAt(log.SyncedIndex)!.Value, Founders, to => to.WriteByte(1)), keep: 20);
                    break;
                case 3:
                    // The process is killed; the directory goes on with what was written.
                    var next = Copy(directory);
                    logs.Dispose();
                    (directory, logs) = (next, Open(next));
                    break;
                case 4:
                    logs.Dispose();
                    logs = Open(directory);
                    break;
                case < 12:
                    logs.Sync();
                    break;
                default:
                    log.SetTerm(log.Term + random.Next(2), null);
                    var (first, count) = (log.LastIndex + 1, random.Next(1, 30));
                    Write(logs, shard, first, count, log.Term, random.Next(10, 300));
                    for (var i = 0; i < count; i++)
                        terms[first + i] = log.Term;
                    break;
            }
            for (var i = 0; i < Shards; i++)
            {
                log = logs[i];
                if (log.SyncedIndex < synced[i] && log.SyncedIndex < log.LastIndex)
                    Assert.Fail($"shard {i} forgot what was synced: {log.SyncedIndex} of {synced[i]}");
                synced[i] = log.SyncedIndex;
                foreach (var lost in written[i].Keys.Where(index => index > log.LastIndex).ToArray())
                    written[i].Remove(lost);
                foreach (var (at, term) in written[i].Where(pair => pair.Key >= Math.Max(log.FirstIndex, log.SnapshotIndex)).TakeLast(50))
                    Assert.Equal((term, $"{i}:{at}"), (log.TermAt(at), TextAt(log, at)));
            }
        }
        logs.Dispose();
    }

    private static ShardLogs Open(string directory, int journal = 64 << 10, int segment = 64 << 10)
    {
        var logs = new ShardLogs(directory, Shards, Founders, journal, segment, kept: 100);
        for (var shard = 0; shard < Shards; shard++)
            logs[shard].SetTerm(Math.Max(2, logs[shard].Term), logs[shard].Vote);
        return logs;
    }

    /// <summary>What a process that is killed now leaves.</summary>
    private string Copy(string? of = null)
    {
        var from = of ?? Home;
        var to = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"copy-{_copies++}"));
        // What is still being prepared has its name only when it is done.
        foreach (var path in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".unfinished", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
        return to;
    }

    private static string SegmentOf(string directory) => Directory.GetFiles(Path.Combine(directory, "shard-0"), "*.log").Single();

    private static string InUse(string directory) => Directory.GetFiles(directory, "*.journal").MaxBy(path => File.ReadAllBytes(path)[8])!;

    private static void Damage(string path, string text)
    {
        var content = File.ReadAllBytes(path);
        content[content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text))] ^= 0x20;
        File.WriteAllBytes(path, content);
    }

    private static void Write(ShardLogs logs, int shard, long first, int count, long term = 1, int size = 0) =>
        logs[shard].Append([.. Enumerable.Range(0, count).Select(i => new LogEntry(first + i, term, EntryKind.Command, 0, Encoding.UTF8.GetBytes($"{shard}:{first + i}".PadRight(size))))]);

    private static string TextAt(DiskLog log, long index) => Text(log.Read(index, 1, long.MaxValue)[0]);

    private static string Text(LogEntry entry) => Encoding.UTF8.GetString(entry.Content.Span).TrimEnd();
}
