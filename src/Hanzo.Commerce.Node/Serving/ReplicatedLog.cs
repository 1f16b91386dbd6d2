using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Backups;
using Hanzo.Commerce.Node.Consensus.Mesh;
using Hanzo.Commerce.Node.Consensus.Operating;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Sessions;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>The replicas of a node and what they need of it.</summary>
internal static class ReplicatedLog
{
    /// <summary>Where in the node's data directory the logs are.</summary>
    public const string Folder = "consensus";

    public static IServiceCollection AddReplicatedLog(this IServiceCollection services, NodeOptions options, string directory) => services
        .AddSingleton(new ConsensusOptions
        {
            Directory = Path.Combine(directory, Folder),
            Cluster = options.Cluster,
            Name = options.Name,
            Region = options.Region,
            Peers = options.Peers,
            Shards = options.Shards,
            Leaders = options.Leaders,
            Secure = options.Certificates is { } certificates ? certificates.Secure : (stream, _, _) => new(stream),
        })
        .AddSingleton<ConsensusMetrics>()
        .AddSingleton(provider => new Replicas(
            provider.GetRequiredService<ConsensusOptions>(),
            _ => new CommerceMachine(),
            new Random(System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue)),
            provider.GetRequiredService<ConsensusMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Replicas>>(),
            provider.GetRequiredService<ProcessEnd>()))
        .AddSingleton(provider => new LeaderClient(provider.GetRequiredService<Replicas>().Mesh, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LeaderClient>>()))
        .AddSingleton<RaftShards>()
        .AddSingleton<SessionShards>()
        .AddSingleton<IShards>(provider => provider.GetRequiredService<SessionShards>())
        .AddSingleton<ClusterEndpoint>()
        .AddSingleton(provider => new LeaderOrders(provider.GetRequiredService<Replicas>(), provider.GetRequiredService<ReplicationOptions>(), provider.GetRequiredService<PeerHttp>().Invoker, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<Standstill>()
        .AddSingleton<BackupMaker>()
        .AddSingleton<OperatorEndpoints>()
        .AddSingleton(provider => new MeshListener(provider.GetRequiredService<Replicas>().Mesh, provider.GetRequiredService<Replicas>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MeshListener>>()))
        .AddHostedService<ReplicaLife>();

    /// <summary>Tells in every answer which region led what was asked for.</summary>
    public static IApplicationBuilder UseLeaderNote(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (AsksNoShard.Is(context))
            return next(context);
        var note = LeaderNote.Begin();
        context.Response.OnStarting(() =>
        {
            if (note.Region is not null)
                context.Response.Headers["Hanzo-Leader"] = note.Region;
            return Task.CompletedTask;
        });
        return next(context);
    });
}

/// <summary>
/// Starts the replicas once the node listens, so that a start that failed says one thing, and lets them hand over what they
/// lead as soon as it drains. Who asks in between waits for a leader as at any other time.
/// </summary>
internal sealed class ReplicaLife(Replicas replicas, LeaderClient leaders, ConsensusMetrics metrics, Readiness readiness) : IHostedLifecycleService
{
    private CancellationTokenRegistration _draining;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        metrics.Watch(replicas);
        replicas.Start();
        leaders.Start();
        _draining = readiness.Draining.Register(replicas.Leave);
        await replicas.LeadAlone(cancellationToken);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _draining.Dispose();
        return Task.CompletedTask;
    }
}
