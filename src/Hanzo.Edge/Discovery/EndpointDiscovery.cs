using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Discovery;

/// <summary>
/// Follows every name that a configuration finds endpoints by, each on its own schedule, and puts what is found into the
/// configuration's regions. Endpoints that are gone get no new requests; those under way there finish.
/// </summary>
internal sealed class EndpointDiscovery : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly Func<DiscoveryOptions, IDnsLookup> lookups;
    private readonly Action changed;
    private readonly ILogger log;
    private readonly DiscoveryMetrics metrics;
    private readonly long start;
    private readonly TaskCompletionSource firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private ImmutableDictionary<DnsSource, Followed> followed = ImmutableDictionary<DnsSource, Followed>.Empty;
    private DiscoveryOptions options = new();
    private EdgeConfiguration? configuration;
    private bool isStarted;

    /// <param name="time">The clock of schedules.</param>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="log">Where changes are told.</param>
    /// <param name="changed">Called under no lock when <see cref="Composed"/> has changed by what was found.</param>
    /// <param name="lookups">Makes who asks; null to ask resolvers.</param>
    public EndpointDiscovery(TimeProvider time, IMeterFactory meters, ILogger log, Action changed, Func<DiscoveryOptions, IDnsLookup>? lookups = null)
    {
        this.time = time;
        this.log = log;
        this.changed = changed;
        this.lookups = lookups ?? (options => new DnsLookup(options));
        start = time.GetTimestamp();
        metrics = new DiscoveryMetrics(meters, Watch);
    }

    /// <summary>Completes when every name was looked up once, well or not.</summary>
    public Task FirstRound => firstRound.Task;

    /// <summary>The configuration applied last with the endpoints found so far in its regions.</summary>
    public EdgeConfiguration Composed
    {
        get
        {
            lock (gate) return Compose(configuration!);
        }
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <summary>Follows the names of a configuration from now on. What was found for a name that stays is kept.</summary>
    public void Apply(EdgeConfiguration next)
    {
        List<Followed> gone = [];
        lock (gate)
        {
            var isSame = options == next.Discovery;
            configuration = next;
            options = next.Discovery;
            var lookup = lookups(options);
            gone.AddRange(followed.Values.Where(one => !isSame || !next.Sources.Contains(one.Source)));
            followed = next.Sources.Distinct().ToImmutableDictionary(source => source, source =>
                followed.TryGetValue(source, out var known) ? isSame ? known : new Followed(source, lookup, known.Pool) : new Followed(source, lookup, DnsPool.Unknown));
            if (isStarted) Begin();
        }

        foreach (var one in gone) one.Stop.Cancel();
    }

    /// <summary>Begins to look up.</summary>
    public void Start()
    {
        lock (gate)
        {
            isStarted = true;
            Begin();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        List<Task> running;
        lock (gate) running = [.. followed.Values.Select(one => one.Running)];
        await Task.WhenAll(running);
        metrics.Dispose();
    }

    private void Begin()
    {
        foreach (var one in followed.Values.Where(one => !one.IsRunning))
        {
            one.IsRunning = true;
            one.Running = FollowAsync(one, CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, one.Stop.Token).Token);
        }

        CompleteFirstRound();
    }

    private async Task FollowAsync(Followed one, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var finding = await FindAsync(one, stop);
            if (stop.IsCancellationRequested) return;
            if (Take(one, finding)) changed();
            await PauseAsync(one.Pool.Next - Now, stop);
        }
    }

    private async Task<DnsFinding> FindAsync(Followed one, CancellationToken stop)
    {
        try
        {
            return await one.Lookup.FindAsync(one.Source, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return DnsFinding.Failed("stopped");
        }
        catch (Exception e)
        {
            DiscoveryLog.LookupFailed(log, e, one.Source, one.Source.Region);
            return DnsFinding.Failed(e.Message);
        }
    }

    /// <summary>Takes what was found and says whether endpoints have changed.</summary>
    private bool Take(Followed one, DnsFinding finding)
    {
        metrics.LookedUp(one.Source, finding.Problem is null);
        lock (gate)
        {
            var before = one.Pool;
            one.Pool = before.After(finding, Now, options);
            var isChanged = !before.Endpoints.SequenceEqual(one.Pool.Endpoints);
            if (isChanged && one.Pool.Endpoints.IsEmpty) DiscoveryLog.Emptied(log, one.Source, one.Source.Region, finding.Problem ?? "nothing");
            else if (isChanged) DiscoveryLog.Found(log, one.Source, one.Source.Region, string.Join(", ", one.Pool.Endpoints.Select(endpoint => endpoint.Name)));
            else if (one.Pool.Failures == 1) DiscoveryLog.ServesStale(log, one.Source, one.Source.Region, finding.Problem ?? "nothing", one.Pool.Endpoints.Length);
            one.WasAsked = true;
            CompleteFirstRound();
            return isChanged && followed.ContainsValue(one);
        }
    }

    private void CompleteFirstRound()
    {
        if (followed.Values.All(one => one.WasAsked)) firstRound.TrySetResult();
    }

    /// <summary>Puts what was found beside the fixed endpoints. An address that stands there already is not taken twice: whoever is named first keeps it.</summary>
    private EdgeConfiguration Compose(EdgeConfiguration plain)
    {
        if (plain.Sources.IsEmpty) return plain;
        var taken = plain.Topology.Regions.SelectMany(region => region.Endpoints).SelectMany(endpoint => new[] { endpoint.Name, endpoint.Address.Authority }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return plain with { Topology = new Topology(plain.Topology.Version, [.. plain.Topology.Regions.Select(Fill)], plain.Topology.Policy) };

        Region Fill(Region region) => region with
        {
            Endpoints =
            [
                .. region.Endpoints,
                .. plain.Sources.Where(source => source.Region == region.Name).SelectMany(source => followed[source].Pool.Endpoints).Where(endpoint => taken.Add(endpoint.Name)),
            ],
        };
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        if (pause <= TimeSpan.Zero) return;
        try
        {
            await Task.Delay(pause, time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    private List<(DnsSource Source, int Endpoints, TimeSpan Age)> Watch()
    {
        lock (gate) return [.. followed.Values.Select(one => (one.Source, one.Pool.Endpoints.Length, Now - (one.Pool.GoodAt ?? TimeSpan.Zero)))];
    }

    /// <summary>A name that is followed. Touched only under the gate, except by its own loop.</summary>
    private sealed class Followed(DnsSource source, IDnsLookup lookup, DnsPool pool)
    {
        public DnsSource Source { get; } = source;

        public IDnsLookup Lookup { get; } = lookup;

        public CancellationTokenSource Stop { get; } = new();

        public DnsPool Pool { get; set; } = pool;

        public bool WasAsked { get; set; }

        public bool IsRunning { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
