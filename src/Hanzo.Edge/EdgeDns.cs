using System.Threading.Channels;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Dns;
using Hanzo.Edge.Dns.Serving;

namespace Hanzo.Edge;

/// <summary>
/// The DNS server of an edge. It follows the same snapshots as the proxy: whenever one changes, the steered answers are prepared
/// anew aside and swapped in whole. Changes that come while answers are prepared are taken together by the next preparation, and
/// one that changes no decision (a probe that failed once, a share that grew) needs none: at most TTLs follow it, as they follow
/// time while a change is near.
/// </summary>
internal sealed class EdgeDns : IAsyncDisposable
{
    // TTLs are whole seconds.
    private static readonly TimeSpan RetimeInterval = TimeSpan.FromSeconds(1);

    private readonly EdgeSnapshots snapshots;
    private readonly DnsMetrics metrics;
    private readonly DnsServer server;
    private readonly ILogger log;
    private readonly EdgeState state;
    private readonly Channel<(EdgeSnapshot Snapshot, long At)> changes = Channel.CreateBounded<(EdgeSnapshot, long)>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock swapping = new();
    private Task following = Task.CompletedTask;

    /// <summary>Prepares the answers of the current snapshot; nothing is bound yet.</summary>
    public EdgeDns(EdgeState state, DnsConfiguration configuration, ILoggerFactory loggers)
    {
        this.state = state;
        metrics = new DnsMetrics(state.Meters);
        snapshots = state.Snapshots;
        snapshots.Changed += Follow;
        log = loggers.CreateLogger<EdgeDns>();
        var options = new DnsServerOptions { Listen = configuration.Listen, Threads = configuration.Threads };
        server = new(options, Prepare(snapshots.Current, configuration), metrics, state.Time, loggers.CreateLogger<DnsServer>());
    }

    /// <summary>Prepares the answers of the newest snapshot, binds, answers, and follows the snapshots.</summary>
    /// <exception cref="IOException">An address is taken.</exception>
    public async Task StartAsync()
    {
        if (snapshots.Current is { Configuration.Dns: { } configuration } snapshot) server.Snapshot = Prepare(snapshot, configuration);
        following = Task.WhenAll(FollowAsync(), RetimeAsync());
        try
        {
            await server.StartAsync();
        }
        catch (System.Net.Sockets.SocketException problem)
        {
            throw new IOException($"The DNS addresses cannot be had: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        snapshots.Changed -= Follow;
        changes.Writer.TryComplete();
        await stopping.CancelAsync();
        await following;
        await server.DisposeAsync();
        metrics.Dispose();
    }

    private void Follow(EdgeSnapshot snapshot) => changes.Writer.TryWrite((snapshot, state.Time.GetTimestamp()));

    private async Task FollowAsync()
    {
        await foreach (var (snapshot, at) in changes.Reader.ReadAllAsync())
        {
            try
            {
                if (snapshot.Configuration.Dns is not { } configuration || Retime(snapshot)) continue;
                lock (swapping) server.Snapshot = Prepare(snapshot, configuration);
                var took = state.Time.GetElapsedTime(at);
                if (!state.Publications.Published(took)) EdgeLog.PublishedLate(log, took.TotalMilliseconds, FailoverPlan.Publication.TotalMilliseconds);
                // What it was prepared from is several times its size; without this it stays until the next full collection.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }
            catch (Exception problem)
            {
                EdgeLog.DnsNotPrepared(log, problem);
            }
        }
    }

    private async Task RetimeAsync()
    {
        using var timer = new PeriodicTimer(RetimeInterval, state.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token)) TryRetime();
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private void TryRetime()
    {
        try
        {
            Retime(snapshots.Current);
        }
        catch (Exception problem)
        {
            EdgeLog.DnsNotPrepared(log, problem);
        }
    }

    /// <summary>Brings TTLs up to date where <paramref name="snapshot"/> leads to the answers there are; false where it does not.</summary>
    private bool Retime(EdgeSnapshot snapshot)
    {
        lock (swapping)
        {
            if (!state.Answers!.AreThoseOf(snapshot)) return false;
            state.Answers = state.Answers.Retimed(snapshot, state.Time);
            server.Snapshot = state.Answers.Dns;
            return true;
        }
    }

    private DnsSnapshot Prepare(EdgeSnapshot snapshot, DnsConfiguration configuration)
    {
        state.Answers = EdgeAnswers.Prepare(snapshot, configuration, metrics, state.Time, state.Answers, state.Epochs);
        return state.Answers.Dns;
    }
}
