using System.Diagnostics.Metrics;
using Hanzo.Commerce.Node.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Commerce.Node.Tests.Storage.Support;

/// <summary>Stores in directories that end with the test.</summary>
internal sealed class OpenStore : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hanzo-store-").FullName;
    private readonly List<Store> _open = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private ulong _stamp;
    private uint _lives;

    public string DirectoryOf(string member) => Path.Combine(_root, member);

    /// <param name="sync">In the place of the disk's own.</param>
    public Store Of(string member, Action<SafeFileHandle>? sync = null)
    {
        var (store, refusal) = TryOf(member, DirectoryOf(member), sync);
        Assert.Null(refusal);
        return store!;
    }

    public (Store? Store, string? Refusal) TryOf(string member, string directory, Action<SafeFileHandle>? sync = null)
    {
        var options = new StoreOptions { Directory = directory, Member = member };
        var opened = Store.Open(
            sync is null ? options : options with { Sync = sync },
            new CollectionSet([Words.Collection]),
            ++_lives,
            () => new(++_stamp),
            new StoreMetrics(_services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System,
            NullLogger.Instance);
        if (opened.Store is { } store)
            _open.Add(store);
        return opened;
    }

    public void Close(Store store)
    {
        store.Dispose();
        _open.Remove(store);
    }

    public void Dispose()
    {
        foreach (var store in _open)
            store.Dispose();
        _services.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
