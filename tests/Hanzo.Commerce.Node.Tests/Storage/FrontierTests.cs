using System.Globalization;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;
using Hanzo.Commerce.Node.Tests.Storage.Support;

namespace Hanzo.Commerce.Node.Tests.Storage;

/// <summary>What readers see beside the writer of a real store: each row says the number of the entry that wrote it.</summary>
public sealed class FrontierTests : IDisposable
{
    private const int Writes = 1000;

    private readonly OpenStore _stores = new();

    public void Dispose() => _stores.Dispose();

    [Fact]
    public async Task Whatever_is_read_is_at_least_what_was_held_before_and_at_most_what_is_shown_after()
    {
        var store = _stores.Of("us-east");
        var writing = Task.Run(async () =>
        {
            for (var number = 1; number <= Writes; number++)
                await store.ChangeRelaxed(Write(number), CancellationToken.None);
        });
        await Task.WhenAll(Reads(FromMemory), Reads(FromDisk));
        await writing;
        Assert.Equal((Writes, Writes), (store.Vector[store.Self], store.Shown[store.Self]));

        Task Reads(Func<Store, long> read) => Task.Run(() =>
        {
            for (var count = 0; !writing.IsCompleted; count++)
            {
                var held = store.Vector[store.Self];
                var found = read(store);
                Assert.InRange(found, held, store.Shown[store.Self]);
            }
        });
    }

    [Fact]
    public void A_commit_that_is_read_from_disk_before_it_is_synced_is_shown_and_not_held()
    {
        var frontier = new Frontier(At(4));
        frontier.Expect(At(5));
        Assert.Equal((At(4), At(4)), (frontier.Held, frontier.Shown));
        frontier.ReadFromDisk();
        Assert.Equal((At(4), At(5)), (frontier.Held, frontier.Shown));
        frontier.Show(At(5));
        Assert.Equal((At(4), At(5)), (frontier.Held, frontier.Shown));
        frontier.Hold(At(5));
        Assert.Equal((At(5), At(5)), (frontier.Held, frontier.Shown));
    }

    [Fact]
    public void A_commit_that_failed_is_no_longer_expected()
    {
        var frontier = new Frontier(At(4));
        frontier.Expect(At(5));
        frontier.Expect(null);
        frontier.ReadFromDisk();
        Assert.Equal((At(4), At(4)), (frontier.Held, frontier.Shown));
    }

    private static VersionVector At(long sequence) => VersionVector.Empty.With(Origin.Of("us-east", 1), sequence);

    private static Func<StoreTransaction, bool> Write(int number) => transaction =>
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        transaction.Write(Words.Collection, "row", text, text);
        return true;
    };

    private static long FromMemory(Store store) => NumberIn((string?)store.Read(Words.Collection, "row"));

    private static long FromDisk(Store store) => store.Look(reader => NumberIn((string?)reader.Row(new StoreKey(Words.Collection.Id, "row")).State));

    private static long NumberIn(string? row) => row is null ? 0 : long.Parse(row, CultureInfo.InvariantCulture);
}
