using Hanzo.Commerce.Node.Storage;
using Hanzo.Commerce.Node.Tests.Storage.Support;
using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Tests.Storage;

public sealed class StoreTests : IDisposable
{
    private readonly OpenStore _stores = new();

    public void Dispose() => _stores.Dispose();

    [Fact]
    public async Task A_change_is_read_back_from_memory_and_after_a_restart_from_disk()
    {
        var store = _stores.Of("us-east");
        await store.Change(Words.Add("greeting", "hello"));
        Assert.Equal("hello", store.Read(Words.Collection, "greeting"));
        _stores.Close(store);

        var again = _stores.Of("us-east");
        Assert.Equal("hello", again.Read(Words.Collection, "greeting"));
        Assert.Equal(store.Self, again.Self);
        Assert.Equal(1, again.Vector[again.Self]);
    }

    [Fact]
    public async Task Changes_of_many_callers_at_once_are_all_in_the_log_once_and_in_order()
    {
        var store = _stores.Of("us-east");
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => store.Change(Words.Add("all", $"w{i:000}")))));

        Assert.Equal(400, ((string)store.Read(Words.Collection, "all")!).Split(' ').Length);
        var log = store.Look(reader => reader.Log(store.Self, 0, 1000));
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), log.Select(row => row.Sequence));
        Assert.Equal(400, store.Vector[store.Self]);
    }

    [Fact]
    public async Task A_change_waits_for_who_holds_the_writers_lock_for_a_moment()
    {
        var store = _stores.Of("us-east");
        using var other = new SqliteConnection($"Data Source={Path.Combine(_stores.DirectoryOf("us-east"), "state.db")};Pooling=False");
        other.Open();
        other.Run("begin immediate");
        var change = store.Change(Words.Add("greeting", "hello"));
        await Assert.ThrowsAsync<TimeoutException>(() => change.WaitAsync(TimeSpan.FromMilliseconds(100)));
        other.Run("commit");
        await change;
        Assert.Equal("hello", store.Read(Words.Collection, "greeting"));
    }

    [Fact]
    public async Task A_change_that_throws_leaves_nothing_and_does_not_harm_those_beside_it()
    {
        var store = _stores.Of("us-east");
        var broken = store.Change<string>(transaction =>
        {
            Words.Add("row", "bad")(transaction);
            throw new InvalidDataException("on purpose");
        });
        var good = store.Change(Words.Add("row", "good"));

        await Assert.ThrowsAsync<InvalidDataException>(() => broken);
        Assert.Equal("good", await good);
        Assert.Single(store.Look(reader => reader.Log(store.Self, 0, 10)));
    }

    [Fact]
    public async Task What_one_node_wrote_is_applied_by_another_once_and_in_order()
    {
        var (east, west) = (_stores.Of("us-east"), _stores.Of("eu-west"));
        await east.Change(Words.Add("row", "one"));
        await east.Change(Words.Add("row", "two"));
        var log = east.Look(reader => reader.Log(east.Self, 0, 10));

        Assert.Equal(ApplyOutcome.Gap, await Apply(west, log[1]));
        Assert.Equal(ApplyOutcome.Applied, await Apply(west, log[0]));
        Assert.Equal(ApplyOutcome.Known, await Apply(west, log[0]));
        Assert.Equal(ApplyOutcome.Applied, await Apply(west, log[1]));

        Assert.Equal("one two", west.Read(Words.Collection, "row"));
        Assert.Equal(2, west.Vector[east.Self]);
        Assert.Equal(log.Select(row => row.Body.ToArray()), west.Look(reader => reader.Log(east.Self, 0, 10)).Select(row => row.Body.ToArray()));
    }

    [Fact]
    public async Task A_malformed_entry_is_refused_whole()
    {
        var store = _stores.Of("us-east");
        var stranger = Origin.Of("eu-west", 1);
        var change = new LogChange(new StoreKey(Words.Collection.Id, "row"), "fine"u8.ToArray());
        byte[][] bad =
        [
            [],
            [1, 2, 3],
            new LogEntry(new(1), [change, change with { Delta = "!bad"u8.ToArray() }]).Encode(),
            new LogEntry(new(1), [change, change with { Key = new StoreKey(99, "row") }]).Encode(),
            [.. new LogEntry(new(1), [change]).Encode(), 0],
            new LogEntry(new(1), [change]).Encode()[..^1],
        ];
        foreach (var body in bad)
            Assert.Equal(ApplyOutcome.Malformed, await Apply(store, new LogRow(stranger, 1, body)));

        Assert.Null(store.Read(Words.Collection, "row"));
        Assert.Equal(0, store.Vector[stranger]);
    }

    [Fact]
    public async Task Nodes_with_the_same_rows_have_the_same_digests_however_they_came_to_them()
    {
        var (east, west) = (_stores.Of("us-east"), _stores.Of("eu-west"));
        foreach (var i in Enumerable.Range(0, 50))
            await east.Change(Words.Add($"row{i % 20}", $"word{i}"));
        await ReadDigests(west);
        foreach (var row in east.Look(reader => reader.Log(east.Self, 0, 100)))
            await Apply(west, row);
        await ReadDigests(east);

        Assert.Equal(Ranges.Select(east.DigestOf), Ranges.Select(west.DigestOf));
        Assert.Contains(Ranges, range => west.DigestOf(range) != 0);
    }

    [Fact]
    public async Task A_row_damaged_on_disk_changes_the_digest_when_its_range_is_read_again()
    {
        var store = _stores.Of("us-east");
        await store.Change(Words.Add("row", "word"));
        var range = new StoreKey(Words.Collection.Id, "row").Range;
        await store.Digest(range);
        var before = store.DigestOf(range);

        using (var other = new SqliteConnection($"Data Source={Path.Combine(_stores.DirectoryOf("us-east"), "state.db")};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "update state set value = x'21'";
            command.ExecuteNonQuery();
        }
        await store.Digest(range);

        Assert.NotEqual(before, store.DigestOf(range));
    }

    [Fact]
    public async Task A_wiped_disk_writes_under_a_new_origin_of_the_same_member()
    {
        var store = _stores.Of("us-east");
        await store.Change(Words.Add("row", "word"));
        _stores.Close(store);
        Directory.Delete(_stores.DirectoryOf("us-east"), recursive: true);

        var wiped = _stores.Of("us-east");
        Assert.NotEqual(store.Self, wiped.Self);
        Assert.Equal(store.Self.Member, wiped.Self.Member);
    }

    [Fact]
    public void A_directory_serves_one_process_and_one_member()
    {
        var store = _stores.Of("us-east");
        Assert.Contains("lock", _stores.TryOf("us-east", _stores.DirectoryOf("us-east")).Refusal);
        _stores.Close(store);
        Assert.Contains("belongs to the node us-east, not to eu-west", _stores.TryOf("eu-west", _stores.DirectoryOf("us-east")).Refusal);
    }

    [Fact]
    public async Task Entries_that_are_cut_are_gone_and_the_rest_stays()
    {
        var store = _stores.Of("us-east");
        foreach (var i in Enumerable.Range(0, 5))
            await store.Change(Words.Add("row", $"word{i}"));
        await store.Cut(store.Self, 3);

        Assert.Equal(4, store.Look(reader => reader.FirstOf(store.Self)));
        await store.Change(Words.Add("row", "more"));
        Assert.Equal([4L, 5L, 6L], store.Look(reader => reader.Log(store.Self, 0, 10)).Select(row => row.Sequence));
    }

    [Fact]
    public async Task Entries_that_shared_a_commit_are_read_and_cut_one_by_one()
    {
        var store = _stores.Of("us-east");
        await Together(store, 40);
        var all = store.Look(reader => reader.Log(store.Self, 0, 100));
        Assert.InRange(RowsOfLog("us-east"), 1, 39);

        Assert.Equal(Told(all.Skip(17).Take(5)), Told(store.Look(reader => reader.Log(store.Self, 17, 5))));
        foreach (var cut in Enumerable.Range(1, 40))
        {
            await store.Cut(store.Self, cut);
            Assert.Equal(cut < 40 ? cut + 1 : null, store.Look(reader => reader.FirstOf(store.Self)));
            Assert.Equal(Told(all.Skip(cut)), Told(store.Look(reader => reader.Log(store.Self, 0, 100))));
        }
    }

    [Fact]
    public async Task A_row_of_the_log_that_was_damaged_is_missing_and_can_be_cut()
    {
        var store = _stores.Of("us-east");
        await Together(store, 40);
        await store.Change(Words.Add("row", "last"));
        using (var other = new SqliteConnection($"Data Source={Path.Combine(_stores.DirectoryOf("us-east"), "state.db")};Pooling=False"))
        {
            other.Open();
            // The lengths of what a row holds.
            other.Run("update log set body = cast(substr(body, 1, 5) || x'FFFFFFFF' || substr(body, 10) as blob) where substr(body, 1, 1) = x'00'");
        }
        Assert.InRange(store.Look(reader => reader.Log(store.Self, 0, 100)).Count, 1, 40);
        await store.Cut(store.Self, 39);
        Assert.Equal(41, store.Look(reader => reader.Log(store.Self, 0, 100)).Last().Sequence);
        await store.Cut(store.Self, 40);
        Assert.Equal(41, store.Look(reader => reader.FirstOf(store.Self)));
    }

    [Fact]
    public async Task A_directory_from_before_entries_shared_rows_goes_on()
    {
        var store = _stores.Of("us-east");
        foreach (var i in Enumerable.Range(0, 3))
            await store.Change(Words.Add("row", $"word{i}"));
        var log = Told(store.Look(reader => reader.Log(store.Self, 0, 10))).ToList();
        _stores.Close(store);
        using (var connection = StoreDatabase.Open(new StoreOptions { Directory = _stores.DirectoryOf("us-east"), Member = "us-east" }, writes: true))
            connection.Run("update meta set value = '2' where name = 'format'");

        store = _stores.Of("us-east");
        Assert.Equal(log, Told(store.Look(reader => reader.Log(store.Self, 0, 10))));
        await Together(store, 20);
        Assert.Equal(Enumerable.Range(1, 23).Select(i => (long)i), store.Look(reader => reader.Log(store.Self, 0, 100)).Select(row => row.Sequence));
        await store.Cut(store.Self, 2);
        Assert.Equal(3, store.Look(reader => reader.FirstOf(store.Self)));
        _stores.Close(store);

        using (var connection = StoreDatabase.Open(new StoreOptions { Directory = _stores.DirectoryOf("us-east"), Member = "us-east" }, writes: true))
            connection.Run("update meta set value = '4' where name = 'format'");
        Assert.Contains("is of format 4, this program knows 3", _stores.TryOf("us-east", _stores.DirectoryOf("us-east")).Refusal);
    }

    [Fact]
    public async Task After_a_power_cut_a_member_writes_under_a_new_origin_and_otherwise_never()
    {
        var store = _stores.Of("us-east");
        var first = store.Self;
        await store.ChangeRelaxed(Words.Add("row", "told"), CancellationToken.None);
        _stores.Close(store);
        store = _stores.Of("us-east");
        Assert.Equal(first, store.Self);
        Assert.Equal("told", store.Read(Words.Collection, "row"));
        _stores.Close(store);

        // What a machine leaves behind that was started again in between.
        using (var connection = StoreDatabase.Open(new StoreOptions { Directory = _stores.DirectoryOf("us-east"), Member = "us-east" }, writes: true))
            connection.Run("update meta set value = 'an earlier start of the machine' where name = 'boot'");
        store = _stores.Of("us-east");
        Assert.NotEqual(first, store.Self);
        Assert.Equal(first.Member, store.Self.Member);
        Assert.Equal("told", store.Read(Words.Collection, "row"));
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_the_next_commit()
    {
        var store = _stores.Of("us-east");
        var next = store.NextChange;
        Assert.False(next.IsCompleted);
        await store.Change(Words.Add("row", "word"));
        await next;
    }

    private static IEnumerable<int> Ranges => Enumerable.Range(0, StoreKey.Ranges);

    private static Task<ApplyOutcome> Apply(Store store, LogRow row) =>
        store.Change(transaction => transaction.Apply(row.Origin, row.Sequence, row.Body));

    /// <summary>So many changes that come while the writer is held up, and so share a commit.</summary>
    private static async Task Together(Store store, int count)
    {
        using var mayGoOn = new ManualResetEventSlim();
        var first = store.Change(transaction =>
        {
            mayGoOn.Wait();
            return transaction.Read(Words.Collection, "row");
        });
        var changes = Enumerable.Range(0, count).Select(i => store.Change(Words.Add("together", $"word{i:000}"))).ToArray();
        mayGoOn.Set();
        await first;
        await Task.WhenAll(changes);
    }

    private int RowsOfLog(string member)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_stores.DirectoryOf(member), "state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from log";
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(long, string)> Told(IEnumerable<LogRow> rows) => rows.Select(row => (row.Sequence, Convert.ToHexString(row.Body.Span)));

    private static async Task ReadDigests(Store store)
    {
        foreach (var range in Ranges)
            await store.Digest(range);
    }
}
