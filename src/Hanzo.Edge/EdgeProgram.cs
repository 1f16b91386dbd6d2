using System.Diagnostics.Metrics;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Configuration.Reloading;
using Hanzo.Edge.Health;
using Hanzo.Edge.Location;
using Hanzo.Edge.Location.Mmdb;

namespace Hanzo.Edge;

/// <summary>The edge as <c>run</c> has it: a host, the configuration file it follows, and the log and meters of both.</summary>
internal sealed class EdgeProgram : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly EdgeHost host;
    private readonly ConfigurationMetrics metrics;
    private readonly ConfigurationWatcher watcher;

    private EdgeProgram(ServiceProvider services, EdgeHost host, ConfigurationMetrics metrics, ConfigurationWatcher watcher)
    {
        this.services = services;
        this.host = host;
        this.metrics = metrics;
        this.watcher = watcher;
    }

    /// <summary>Puts it together from what was read; nothing listens yet.</summary>
    /// <returns>Null with what is wrong in <paramref name="fault"/>.</returns>
    public static EdgeProgram? Create(string file, ConfigurationReader reader, ConfigurationResult read, TimeProvider time, ulong seed, out string fault)
    {
        var configuration = read.Configuration!;
        if (!TryCompile(configuration.Geo.Database, out var places, out fault)) return null;
        // Compiling left several times the table behind as garbage; the collector would keep that memory committed for good.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var services = new ServiceCollection().AddMetrics().AddLogging(log => log.AddEdgeLog()).BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var random = new Random((int)seed);
        var board = new HealthBoard(time, random, meters, services.GetRequiredService<ILogger<HealthBoard>>());
        var host = new EdgeHost(new EdgeState(board, time, seed), configuration, places, services.GetRequiredService<ILogger<EdgeHost>>());
        var metrics = new ConfigurationMetrics(meters);
        var watcher = new ConfigurationWatcher(file, read, reader, host.Apply, metrics, time, services.GetRequiredService<ILogger<ConfigurationWatcher>>());
        return new EdgeProgram(services, host, metrics, watcher);
    }

    /// <summary>Listens, and follows the configuration file.</summary>
    /// <exception cref="IOException">An address is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await host.StartAsync(cancellation);
        await watcher.StartAsync(cancellation);
    }

    /// <summary>Reads the configuration file again.</summary>
    public void Reload() => watcher.ReloadNow();

    /// <summary>Drains and stops.</summary>
    /// <param name="force">Stops at once.</param>
    public async Task StopAsync(CancellationToken force)
    {
        await watcher.StopAsync(force);
        await host.StopAsync(force);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        watcher.Dispose();
        metrics.Dispose();
        await host.DisposeAsync();
        await services.DisposeAsync();
    }

    /// <summary>Compiles the location database at <paramref name="path"/>, or says what is wrong with it.</summary>
    public static bool TryCompile(string path, out PlaceTable places, out string fault)
    {
        places = new PlaceTable();
        try
        {
            if (!MmdbFile.TryOpen(File.ReadAllBytes(path), out var file, out var wrong) || !PlaceTableCompiler.TryCompile(file, out var table, out wrong))
            {
                fault = $"{path}: {wrong}";
                return false;
            }
            places = table;
            fault = "";
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = $"{path}: {error.Message}";
            return false;
        }
    }
}
