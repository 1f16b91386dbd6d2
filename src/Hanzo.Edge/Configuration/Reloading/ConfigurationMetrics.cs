using System.Diagnostics.Metrics;

namespace Hanzo.Edge.Configuration.Reloading;

/// <summary>Which configuration is in use, and whether the file is.</summary>
internal sealed class ConfigurationMetrics : IDisposable
{
    public const string MeterName = "Hanzo.Edge.Configuration";

    private readonly Meter meter;
    private readonly Counter<long> reloads;
    private long version;
    private int successful;
    private double takenAt;

    /// <param name="meters">Makes the meter.</param>
    public ConfigurationMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        reloads = meter.CreateCounter<long>("hanzo_edge_config_reloads_total", description: "Changes of the configuration file by result.");
        meter.CreateObservableGauge("hanzo_edge_config_last_reload_successful", () => Volatile.Read(ref successful), description: "1 where the file is what runs, 0 where its last change was refused.");
        meter.CreateObservableGauge("hanzo_edge_config_last_reload_success_timestamp_seconds", () => Volatile.Read(ref takenAt), "s", "When a configuration was last taken, in Unix time.");
        meter.CreateObservableGauge("hanzo_edge_config_version", () => Interlocked.Read(ref version), description: "Number of the configuration in use.");
    }

    /// <summary>The file is what runs: at start, and where a refused change was taken back.</summary>
    public void InUse(ConfigurationVersion running, DateTimeOffset now)
    {
        Interlocked.Exchange(ref version, running.Number);
        Volatile.Write(ref takenAt, now.ToUnixTimeMilliseconds() / 1000.0);
        Volatile.Write(ref successful, 1);
    }

    /// <summary>A change is in use.</summary>
    public void Taken(ConfigurationVersion running, DateTimeOffset now)
    {
        InUse(running, now);
        reloads.Add(1, new KeyValuePair<string, object?>("result", "taken"));
    }

    /// <summary>A change was refused, and the old configuration stays.</summary>
    public void Refused()
    {
        Volatile.Write(ref successful, 0);
        reloads.Add(1, new KeyValuePair<string, object?>("result", "refused"));
    }

    public void Dispose() => meter.Dispose();
}
