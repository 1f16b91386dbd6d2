using Hanzo.Edge.Configuration;

namespace Hanzo.Edge.Location;

/// <summary>
/// Holds the location table in use and watches its file by looking at it every few seconds: a renamed-over file, one
/// overwritten in place and a turned symbolic link all look different, while file notifications miss some of them. What looks
/// different is taken once two looks agree, validated aside and swapped whole; a refused file leaves the table in use as it is.
/// </summary>
internal sealed class GeoDatabase : BackgroundService
{
    private readonly TimeProvider time;
    private readonly LocationMetrics metrics;
    private readonly ILogger<GeoDatabase> log;
    private readonly Lock changing = new();
    private GeoOptions options;
    private volatile GeoVersion version;
    private GeoFile judged;
    private GeoFile? seen;

    /// <summary>Starts with a version that was loaded already: an edge without a location table does not start.</summary>
    public GeoDatabase(GeoOptions options, GeoVersion first, TimeProvider time, LocationMetrics metrics, ILogger<GeoDatabase> log)
    {
        (this.options, this.time, this.metrics, this.log) = (options, time, metrics, log);
        version = first;
        judged = first.File;
        Tell();

        // Compiling left the file and the unsorted ranges behind, more than the table itself. Before the first request a
        // pause costs nothing, and only this kind of collection gives the memory back.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>The table in use.</summary>
    public PlaceTable Current => version.Table;

    /// <summary>The version in use.</summary>
    public GeoVersion Version => version;

    /// <summary>A new table is in use. Raised one at a time, on the thread that brought it.</summary>
    public event Action<PlaceTable>? Changed;

    /// <summary>Takes what a new configuration says, with the version that was loaded for it by <see cref="GeoVersion.TryLoad(GeoOptions, TimeProvider, out GeoVersion?, out string?)"/>.</summary>
    public void Use(GeoOptions configured, GeoVersion loaded)
    {
        lock (changing)
        {
            options = configured;
            seen = null;
            Swap(loaded);
        }
    }

    /// <summary>Looks at the file once.</summary>
    public void Look()
    {
        lock (changing)
        {
            var now = GeoFile.Look(options.Database);
            var settled = now == seen;
            seen = now;
            if (now != judged && settled)
            {
                Judge(now);
            }
        }
    }

    /// <summary>Looks at the file until the edge stops.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                Look();
            }
            catch (Exception defect)
            {
                LocationLog.WatchFailed(log, defect);
            }
        }
    }

    private void Judge(GeoFile file)
    {
        if (GeoVersion.TryLoad(options, file, time, out var loaded, out var fault))
        {
            Swap(loaded);
            return;
        }

        if (GeoFile.Look(options.Database) != file)
        {
            // It changed while it was read: what was read is nobody's version. The next looks see the new one.
            return;
        }

        judged = file;
        metrics.Reloaded(Reading(successful: false));
        LocationLog.DatabaseRefused(log, version.Built, fault);
    }

    private void Swap(GeoVersion loaded)
    {
        judged = loaded.File;
        if (loaded.Sha256 == version.Sha256)
        {
            // The same bytes, written or linked anew: nothing to swap, and no longer refused if it was.
            metrics.Reloaded(Reading(successful: true));
            return;
        }

        version = loaded;
        Tell();
        Changed?.Invoke(loaded.Table);

        // As at the start, but requests are under way now: without a pause, and with less of the memory given back.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }

    private void Tell()
    {
        metrics.Reloaded(Reading(successful: true));
        LocationLog.DatabaseServes(log, version.DatabaseType, version.Built, Current.Places.Length, Current.RangeCount, Current.SizeInBytes / 1e6, version.CompileTime.TotalMilliseconds, options.Database);
    }

    private GeoReading Reading(bool successful)
        => new(successful, time.GetUtcNow(), version.Built, Current.Places.Length, Current.SizeInBytes);
}
