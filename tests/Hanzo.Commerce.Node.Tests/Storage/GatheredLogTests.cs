using System.Globalization;
using Hanzo.Commerce.Node.Storage;
using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Tests.Storage;

/// <summary>A real database whose log is written at once for each commit, beside a connection that knows nothing of it.</summary>
public sealed class GatheredLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-log-").FullName;
    private readonly SqliteConnection _writer;

    public GatheredLogTests()
    {
        _writer = Open("state.db");
        foreach (var pragma in new[] { "journal_mode = wal", "wal_autocheckpoint = 0", "synchronous = normal", "cache_size = 20" })
            _writer.Run($"pragma {pragma}");
        _writer.Run("create table rows(number integer primary key, value blob not null)");
        GatheredLog.Begin(_writer.Handle!);
    }

    public void Dispose()
    {
        _writer.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Pages that do not find room in memory are written before their transaction ends, read again, and written over.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Everybody_reads_after_each_commit_what_it_committed_and_nothing_of_what_was_rolled_back(int seed)
    {
        var random = new Random(seed);
        using var reader = Open("state.db");
        var expected = new SortedDictionary<long, int>();
        for (var transaction = 0; transaction < 60; transaction++)
        {
            var next = new SortedDictionary<long, int>(expected);
            _writer.Run("begin immediate");
            for (var left = random.Next(1, transaction % 10 == 9 ? 400 : 40); left > 0; left--)
                Put(next, random.Next(500), random.Next(1, 3000));
            Assert.Equal(Sum(next), SumIn(_writer));
            Assert.Equal(Sum(expected), SumIn(reader));
            var isKept = random.Next(4) > 0;
            _writer.Run(isKept ? "commit" : "rollback");
            expected = isKept ? next : expected;
            Assert.Equal(Sum(expected), SumIn(reader));
            if (random.Next(10) == 0)
                Checkpointer.Copy(random.Next(2) == 0 ? reader : _writer);
        }
        Assert.Equal("ok", Text(reader, "pragma integrity_check"));
    }

    [Fact]
    public void What_was_rolled_back_does_not_come_over_what_another_wrote_meanwhile()
    {
        using var other = Open("state.db");
        // What is rolled back is then read from the database, and nothing from its log.
        Checkpointer.Copy(_writer);
        _writer.Run("begin immediate");
        // A few pages more than memory takes: they are gathered where the other will write.
        for (var number = 0; number < 50; number++)
            Put([], number, 2000);
        _writer.Run("rollback");
        other.Run("create table others(number integer primary key, value blob not null)");
        other.Run("insert into others values(1, zeroblob(3000)), (2, zeroblob(3000)), (3, zeroblob(3000))");
        _writer.Run("insert into rows values(2, zeroblob(500))");
        Assert.Equal(2 + 500, SumIn(other));
        Assert.Equal("9000", Text(other, "select cast(sum(length(value)) as text) from others"));
        Assert.Equal("ok", Text(other, "pragma integrity_check"));
    }

    /// <summary>A power cut leaves any part of what was not synced; here all of it up to some place.</summary>
    [Fact]
    public void A_log_that_ends_anywhere_has_the_commits_that_are_whole_in_it()
    {
        var random = new Random(1);
        var rows = new SortedDictionary<long, int>();
        var ends = new List<(long Bytes, long Sum)> { (LogBytes().Length, 0) };
        for (var transaction = 0; transaction < 20; transaction++)
        {
            _writer.Run("begin immediate");
            for (var left = random.Next(1, 30); left > 0; left--)
                Put(rows, random.Next(200), random.Next(1, 2000));
            _writer.Run("commit");
            ends.Add((LogBytes().Length, Sum(rows)));
        }
        var log = LogBytes();
        foreach (var cut in Enumerable.Range(0, 100).Select(_ => random.Next((int)ends[0].Bytes, log.Length + 1)).Append(log.Length))
        {
            File.Copy(Path.Combine(_directory, "state.db"), Path.Combine(_directory, "cut.db"), overwrite: true);
            File.WriteAllBytes(Path.Combine(_directory, "cut.db-wal"), log[..cut]);
            using var left = Open("cut.db");
            Assert.Equal(ends.Last(end => end.Bytes <= cut).Sum, SumIn(left));
        }
    }

    [Fact]
    public void A_commit_is_one_write()
    {
        _writer.Run("pragma cache_size = 2000");
        Put([], 1, 100);
        var before = Writes();
        _writer.Run("begin immediate");
        for (var number = 0; number < 20; number++)
            Put([], number, 3000);
        Assert.Equal(before, Writes());
        _writer.Run("commit");
        Assert.Equal(before + 1, Writes());
    }

    /// <summary>Calls of this thread that wrote something, as the kernel counts them.</summary>
    private static long Writes() =>
        long.Parse(File.ReadLines("/proc/thread-self/io").First(line => line.StartsWith("syscw:", StringComparison.Ordinal))[6..], CultureInfo.InvariantCulture);

    private static string Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }

    private byte[] LogBytes()
    {
        using var log = new FileStream(Path.Combine(_directory, "state.db-wal"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[log.Length];
        log.ReadExactly(bytes);
        return bytes;
    }

    private void Put(SortedDictionary<long, int> rows, long number, int length)
    {
        _writer.Run(string.Create(CultureInfo.InvariantCulture, $"insert into rows values({number}, zeroblob({length})) on conflict do update set value = excluded.value"));
        rows[number] = length;
    }

    /// <summary>Of all numbers and lengths.</summary>
    private static long Sum(SortedDictionary<long, int> rows) => rows.Sum(row => row.Key + row.Value);

    private static long SumIn(SqliteConnection connection) =>
        long.Parse(Text(connection, "select cast(coalesce(sum(number + length(value)), 0) as text) from rows"), CultureInfo.InvariantCulture);

    private SqliteConnection Open(string name)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, name)};Pooling=False");
        connection.Open();
        return connection;
    }
}
