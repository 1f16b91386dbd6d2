using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>The store of a node and what keeps it the same as its peers'.</summary>
internal static class ReplicatedState
{
    /// <summary>A peer whose clock is further ahead is not believed: its changes would win over everything for that long.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(10);

    /// <param name="directory">Where the state is kept.</param>
    public static IServiceCollection AddReplicatedState(this IServiceCollection services, NodeOptions options, string directory, Func<IServiceProvider, IEnumerable<ICollection>> collections) => services
        .AddMetrics()
        .AddSingleton(new ReplicationOptions { Cluster = options.Cluster, Self = options.Name, Peers = options.Peers })
        .AddSingleton(provider => new HybridClock(provider.GetRequiredService<TimeProvider>(), MostSkew))
        .AddSingleton<StoreMetrics>()
        .AddSingleton<ReplicationMetrics>()
        .AddSingleton(provider => OpenStore(provider, options, directory, new CollectionSet(collections(provider))))
        .AddSingleton<IReplica>(provider => provider.GetRequiredService<Store>())
        .AddSingleton<PeerBoard>()
        .AddSingleton<PeerHttp>()
        .AddSingleton(provider => new PeerClient(provider.GetRequiredService<ReplicationOptions>(), provider.GetRequiredService<PeerHttp>().Invoker))
        .AddSingleton<EntryIntake>()
        .AddSingleton<LogFeed>()
        .AddSingleton<AntiEntropy>()
        .AddSingleton<LogCutter>()
        .AddSingleton<ReplicationEndpoints>()
        .AddHostedService<Replicator>();

    private static Store OpenStore(IServiceProvider provider, NodeOptions options, string directory, CollectionSet collections)
    {
        var (store, refusal) = Store.Open(
            new StoreOptions { Directory = directory, Member = options.Name, IsTemporary = options.Data is null },
            collections,
            BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(4)),
            provider.GetRequiredService<HybridClock>().Next,
            provider.GetRequiredService<StoreMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Store>>());
        return store ?? throw new StoreRefusedException(refusal!);
    }
}

/// <summary>The data directory cannot be used, and why.</summary>
internal sealed class StoreRefusedException(string reason) : IOException(reason);
