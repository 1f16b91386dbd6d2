using Hanzo.Commerce.Node.Storage;
using Microsoft.Data.Sqlite;

namespace Hanzo.Commerce.Node.Tests.Storage;

/// <summary>What a commit waits for, as SQLite itself tells it.</summary>
public sealed class WriterStatementsTests : IDisposable
{
    private const long Normal = 1;
    private const long Full = 2;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hanzo-statements-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Each_commit_waits_for_the_disk_when_it_is_to_and_only_then()
    {
        var options = new StoreOptions { Directory = _directory.FullName, Member = "us-east" };
        using var connection = StoreDatabase.Open(options, writes: true);
        StoreDatabase.Prepare(connection, options, 1);
        using var statements = new WriterStatements(connection);
        foreach (var (syncs, expected) in new[] { (true, Full), (true, Full), (false, Normal), (false, Normal), (true, Full), (false, Normal) })
        {
            statements.Begin(syncs);
            Assert.Equal(expected, Synchronous(connection));
            statements.Commit();
        }
    }

    private static long Synchronous(SqliteConnection connection)
    {
        using var command = connection.Prepared("pragma synchronous");
        return (long)command.ExecuteScalar()!;
    }
}
