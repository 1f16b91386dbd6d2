using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Configuration.Reloading;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Location;

namespace Hanzo.Edge;

/// <summary>The edge as <c>run</c> has it: a host, the configuration file it follows, and the log and meters of both.</summary>
internal sealed class EdgeProgram : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly EdgeHost host;
    private readonly GeoDatabase geo;
    private readonly ConfigurationMetrics metrics;
    private readonly ConfigurationWatcher watcher;

    private EdgeProgram(ServiceProvider services, EdgeHost host, GeoDatabase geo, ConfigurationMetrics metrics, ConfigurationWatcher watcher)
    {
        this.services = services;
        this.host = host;
        this.geo = geo;
        this.metrics = metrics;
        this.watcher = watcher;
    }

    /// <summary>Puts it together from what was read; nothing listens yet.</summary>
    /// <returns>Null with what is wrong in <paramref name="fault"/>.</returns>
    public static EdgeProgram? Create(string file, ConfigurationReader reader, ConfigurationResult read, TimeProvider time, ulong seed, [NotNullWhen(false)] out string? fault)
    {
        var configuration = read.Configuration!;
        if (!GeoVersion.TryLoad(configuration.Geo, time, out var located, out fault)) return null;
        var services = new ServiceCollection().AddMetrics().AddLogging(log => log.AddEdgeLog()).BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var random = new Random((int)seed);
        var board = new HealthBoard(time, random, meters, services.GetRequiredService<ILogger<HealthBoard>>(), configuration.OverrideFile is { } kept ? new OverrideStore(kept) : null);
        var state = new EdgeState(board, meters, time, seed);
        var host = new EdgeHost(state, configuration, located.Table, services.GetRequiredService<ILogger<EdgeHost>>());
        var geo = new GeoDatabase(configuration.Geo, located, time, state.Location, services.GetRequiredService<ILogger<GeoDatabase>>());
        geo.Changed += state.Snapshots.Apply;
        var metrics = new ConfigurationMetrics(meters);
        var watcher = new ConfigurationWatcher(file, read, reader, next => Apply(next, host, geo, time), metrics, time, services.GetRequiredService<ILogger<ConfigurationWatcher>>());
        return new EdgeProgram(services, host, geo, metrics, watcher);
    }

    /// <summary>Listens, and follows the configuration file.</summary>
    /// <exception cref="IOException">An address is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await host.StartAsync(cancellation);
        await geo.StartAsync(cancellation);
        await watcher.StartAsync(cancellation);
    }

    /// <summary>Reads the configuration file again.</summary>
    public void Reload() => watcher.ReloadNow();

    /// <summary>Drains and stops.</summary>
    /// <param name="force">Stops at once.</param>
    public async Task StopAsync(CancellationToken force)
    {
        await watcher.StopAsync(force);
        await geo.StopAsync(force);
        await host.StopAsync(force);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        watcher.Dispose();
        geo.Dispose();
        metrics.Dispose();
        await host.DisposeAsync();
        await services.DisposeAsync();
    }

    // Another location database is loaded before anything changes: a configuration that names a bad one is refused whole.
    private static string? Apply(EdgeConfiguration next, EdgeHost host, GeoDatabase geo, TimeProvider time)
    {
        if (next.Geo != host.State.Snapshots.Current.Configuration.Geo)
        {
            if (!GeoVersion.TryLoad(next.Geo, time, out var located, out var fault)) return fault;
            geo.Use(next.Geo, located);
        }
        return host.Apply(next);
    }
}
