using System.Buffers.Binary;
using System.Globalization;
using Hanzo.Commerce.Node.Storage;
using Hanzo.Commerce.Node.Tests.Storage.Support;

namespace Hanzo.Commerce.Node.Tests.Storage;

public sealed class CheckpointerTests : IDisposable
{
    private readonly OpenStore _stores = new();

    public void Dispose() => _stores.Dispose();

    [Fact]
    public async Task The_log_of_the_database_begins_anew_while_changes_come()
    {
        const int mostRounds = 1000;
        var store = _stores.Of("us-east");
        var first = TimesBegun();
        var round = 0;
        // Relaxed, which takes less of the test's time.
        for (; TimesBegun() == first; round++)
        {
            Assert.InRange(round, 0, mostRounds);
            await Task.WhenAll(Enumerable.Range(0, 200).Select(number => store.ChangeRelaxed(Words.Add($"row{number}", round.ToString(CultureInfo.InvariantCulture)), CancellationToken.None)));
        }
        Assert.Equal(200 * round, store.Vector[store.Self]);
    }

    /// <summary>A number in the log's header (SQLite, "Database File Format", 4.1) that grows each time it is written from its beginning.</summary>
    private uint TimesBegun()
    {
        var header = new byte[16];
        using var log = new FileStream(Path.Combine(_stores.DirectoryOf("us-east"), "state.db-wal"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.ReadExactly(header);
        return BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12));
    }
}
