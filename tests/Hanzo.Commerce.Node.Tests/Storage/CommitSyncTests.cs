using Hanzo.Commerce.Node.Storage;
using Hanzo.Commerce.Node.Tests.Storage.Support;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Commerce.Node.Tests.Storage;

/// <summary>A real store on a disk whose syncs wait until they may end, or fail.</summary>
public sealed class CommitSyncTests : IDisposable
{
    private readonly OpenStore _stores = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _mayEnd = new(0);

    public void Dispose()
    {
        // A sync that still waits would keep the store from ending.
        _mayEnd.Release(1000);
        _stores.Dispose();
        _begun.Dispose();
        _mayEnd.Dispose();
    }

    [Fact]
    public async Task A_change_is_answered_when_it_is_synced_and_not_before()
    {
        var store = _stores.Of("us-east", WaitingSync);
        var change = store.Change(Words.Add("row", "word"));
        await _begun.WaitAsync();
        Assert.Equal("word", store.Read(Words.Collection, "row"));
        Assert.Equal((0, 1), (store.Vector[store.Self], store.Shown[store.Self]));
        Assert.False(change.IsCompleted);

        _mayEnd.Release();
        Assert.Equal("word", await change);
        Assert.Equal((1, 1), (store.Vector[store.Self], store.Shown[store.Self]));
    }

    [Fact]
    public async Task What_is_committed_during_a_sync_waits_for_the_next_which_carries_all_of_it()
    {
        var store = _stores.Of("us-east", WaitingSync);
        var first = store.Change(Words.Add("row", "one"));
        await _begun.WaitAsync();
        var others = new[] { "two", "three", "four" }.Select(word => store.Change(Words.Add("row", word))).ToArray();
        await store.ChangeRelaxed(Words.Add("row", "five"), CancellationToken.None);
        _mayEnd.Release();
        await first;

        await _begun.WaitAsync();
        Assert.DoesNotContain(others, other => other.IsCompleted);
        _mayEnd.Release();
        await Task.WhenAll(others);
        // The relaxed one may stand in a group of its own, which nobody waits for.
        await store.Covers(store.Shown, CancellationToken.None);
        Assert.False(await _begun.WaitAsync(TimeSpan.Zero));
        Assert.Equal(5, store.Vector[store.Self]);
    }

    [Fact]
    public async Task Who_saw_what_is_not_yet_synced_is_answered_after_it()
    {
        var store = _stores.Of("us-east", WaitingSync);
        var change = store.Change(Words.Add("row", "word"));
        await _begun.WaitAsync();
        var look = store.Change(transaction => transaction.Read(Words.Collection, "row"));
        await store.ChangeRelaxed(_ => true, CancellationToken.None);
        Assert.False(look.IsCompleted);

        _mayEnd.Release();
        Assert.Equal("word", await look);
        Assert.Equal("word", await change);
    }

    [Fact]
    public async Task After_a_sync_that_failed_nothing_is_taken_until_the_next_start()
    {
        var store = _stores.Of("us-east", _ => throw new IOException("on purpose"));
        Assert.Contains("not known", (await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Change(Words.Add("row", "one")))).Message);
        Assert.Contains("started again", (await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Change(Words.Add("row", "two")))).Message);
        Assert.Equal("one", store.Read(Words.Collection, "row"));
        Assert.Equal(0, store.Vector[store.Self]);
        _stores.Close(store);

        Assert.Equal("one", _stores.Of("us-east").Read(Words.Collection, "row"));
    }

    private void WaitingSync(SafeFileHandle file)
    {
        _begun.Release();
        _mayEnd.Wait();
    }
}
