using System.Diagnostics.Metrics;
using Hanzo.Commerce.Node.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

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

    public Store Of(string member)
    {
        var (store, refusal) = TryOf(member, DirectoryOf(member));
        Assert.Null(refusal);
        return store!;
    }

    public (Store? Store, string? Refusal) TryOf(string member, string directory)
    {
        var opened = Store.Open(
            new StoreOptions { Directory = directory, Member = member },
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
