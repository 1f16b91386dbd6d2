using System.Net;
using System.Net.Sockets;
using Hanzo.Edge.Admin;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Discovery;
using Hanzo.Edge.Explaining;
using Hanzo.Edge.Location;
using Hanzo.Edge.Peering;
using Hanzo.Edge.Proxying;
using Hanzo.Metering;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hanzo.Edge;

/// <summary>A running edge: one server that clients see and one for admin, over one state.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    /// <summary>How long readiness waits for the first probes.</summary>
    public static readonly TimeSpan FirstRoundLimit = TimeSpan.FromSeconds(5);

    // Networks move slowly, and ranking again is the dearest thing the edge does while it serves.
    private static readonly TimeSpan RankingInterval = TimeSpan.FromSeconds(10);

    private readonly ILogger<EdgeHost> log;
    private readonly MeterPage meters;
    private ITimer? ranking;
    private readonly WebApplication clients;
    private readonly bool takesRequests;
    private readonly WebApplication admin;
    private readonly Lock applying = new();
    private readonly EndpointDiscovery discovery;
    private readonly PeerExchange? peers;
    private readonly WebApplication? peerSide;
    private EdgeDns? dns;

    /// <summary>Makes an edge that does not listen yet.</summary>
    public EdgeHost(EdgeState state, EdgeConfiguration configuration, PlaceTable places, ILogger<EdgeHost> log)
    {
        State = state;
        this.log = log;
        meters = new MeterPage(state.Registry, state.Meters);
        state.Publications.Begin();
        discovery = new EndpointDiscovery(state.Time, state.Meters, log, Recompose);
        discovery.Apply(configuration);
        state.Snapshots.Apply(configuration, places);
        state.Routes.Apply(configuration);
        clients = ClientSide(state, configuration);
        takesRequests = !configuration.Listen.IsEmpty;
        admin = AdminSide(state, configuration);
        if (configuration.Peers is not { } others) return;
        peers = new PeerExchange(others, configuration.Name, state, log);
        peerSide = PeerSide(peers, others);
        state.Snapshots.Ask(peers.Desk);
    }

    /// <summary>What both sides share.</summary>
    public EdgeState State { get; }

    /// <summary>The addresses bound for clients, known once started.</summary>
    public IReadOnlyList<Uri> Addresses => takesRequests ? Bound(clients) : [];

    /// <summary>The address bound for admin, known once started.</summary>
    public Uri Admin => Bound(admin)[0];

    /// <summary>The address bound for other edges, known once started; null where there are none.</summary>
    public Uri? Peer => peerSide is null ? null : Bound(peerSide)[0];

    /// <summary>Listens; ready once every endpoint was probed, or after <see cref="FirstRoundLimit"/>.</summary>
    /// <exception cref="IOException">An address cannot be had; the message names it, the reason and the key to change.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var first = State.Snapshots.Current.Configuration;
        await EdgeAddresses.OpenAsync("admin.address", ProtocolType.Tcp, [first.Admin], () => admin.StartAsync(cancellation));
        if (takesRequests) await EdgeAddresses.OpenAsync("listen", ProtocolType.Tcp, [.. first.Listen.Select(listen => listen.Address)], () => clients.StartAsync(cancellation));
        if (peerSide is not null)
            await EdgeAddresses.OpenAsync("peers.listen", ProtocolType.Tcp, [first.Peers!.Listen], () => peerSide.StartAsync(cancellation));
        peers?.Start();
        discovery.Start();
        // Preparing answers over the whole location table takes a moment: the probes go on meanwhile.
        if (State.Snapshots.Current.Configuration.Dns is { } server)
            dns = new EdgeDns(State, server, clients.Services.GetRequiredService<ILoggerFactory>());
        await Task.WhenAny(FirstRoundAsync(), Task.Delay(FirstRoundLimit, State.Time, cancellation));
        var configuration = State.Snapshots.Current.Configuration;
        // Not before the first probes: what is answered now is kept by resolvers for a TTL.
        if (dns is not null)
        {
            await EdgeAddresses.OpenAsync("dns.listen", ProtocolType.Udp, configuration.Dns!.Listen, dns.StartAsync);
            // Preparing its answers left several times their size behind. Before the first request a pause costs nothing,
            // and only this kind of collection gives the memory back.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        ranking = State.Time.CreateTimer(_ => State.Snapshots.FollowRoundTrips(), null, TimeSpan.Zero, RankingInterval);
        State.Readiness.Ready();
        State.Snapshots.FollowVantage();
        EdgeLog.Started(log, configuration.Name, ProductVersion.Text, string.Join(" ", [.. Addresses, .. (configuration.Dns?.Listen ?? []).Select(address => new Uri($"dns://{address}"))]), Admin.ToString(), configuration.Version.ToString());
    }

    /// <summary>Takes a new configuration: snapshot first, then YARP, so that new destinations never meet an old snapshot.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Apply(EdgeConfiguration configuration)
    {
        discovery.Apply(configuration);
        Recompose();
        return null;
    }

    // Whoever comes later composes from what is newest, so that a reload and a lookup that meet cannot undo each other.
    private void Recompose()
    {
        lock (applying)
        {
            var composed = discovery.Composed;
            State.Snapshots.Apply(composed);
            State.Routes.Apply(composed);
        }
    }

    /// <summary>Readiness fails and DNS answers lead elsewhere; for as long as is announced new requests are taken all the same, then those under way finish within the drain timeout, and all sides stop.</summary>
    /// <param name="force">Ends the waiting.</param>
    public async Task StopAsync(CancellationToken force)
    {
        var drain = State.Snapshots.Current.Configuration.Drain;
        var started = State.Time.GetTimestamp();
        State.Readiness.Drain();
        State.Snapshots.FollowVantage();
        EdgeLog.Draining(log, drain.Announce, drain.Timeout);
        await Task.Delay(drain.Announce, State.Time, force).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var limit = new CancellationTokenSource(drain.Timeout, State.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, force);
        if (dns is not null) await dns.DisposeAsync();
        if (takesRequests) await clients.StopAsync(end.Token);
        if (peerSide is not null) await peerSide.StopAsync(CancellationToken.None);
        await admin.StopAsync(CancellationToken.None);
        EdgeLog.Stopped(log, State.Time.GetElapsedTime(started));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (ranking is not null) await ranking.DisposeAsync();
        if (dns is not null) await dns.DisposeAsync();
        await discovery.DisposeAsync();
        if (peers is not null) await peers.DisposeAsync();
        if (peerSide is not null) await peerSide.DisposeAsync();
        await clients.DisposeAsync();
        await admin.DisposeAsync();
        await State.Board.DisposeAsync();
        meters.Dispose();
    }

    // Names first: only then it is known whom to probe.
    private async Task FirstRoundAsync()
    {
        await discovery.FirstRound;
        await State.Board.FirstRound;
    }

    private static WebApplication ClientSide(EdgeState state, EdgeConfiguration configuration)
    {
        var builder = Builder();
        builder.WebHost.UseEdgeListening(configuration);
        builder.Services.AddEdge(state);
        var app = builder.Build();
        app.UseEdge(state);
        return app;
    }

    private static WebApplication AdminSide(EdgeState state, EdgeConfiguration configuration)
    {
        var builder = Builder();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(configuration.Admin);
        });
        builder.Services.AddSingleton(_ => new ExplainDesk(() => state.Snapshots.Current, route => state.Routes.Steering(route).Leader));
        var app = builder.Build();
        app.UseAdmin(state);
        return app;
    }

    private static WebApplication PeerSide(PeerExchange peers, PeerOptions options)
    {
        var builder = Builder();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen);
        });
        var app = builder.Build();
        app.MapPost(PeerExchange.Path, peers.HearAsync);
        return app;
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Logging.AddEdgeLog();
        return builder;
    }

    private static List<Uri> Bound(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).Where(address => address.Port > 0 && address.Host != PrefaceListener.Address.ToString())];

    // The command that runs the edge owns the signals; a server of its own must not stop on them.
    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
