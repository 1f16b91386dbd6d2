using System.Diagnostics.Metrics;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Configuration.Reloading;
using Hanzo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests.Configuration.Reloading;

public sealed class ConfigurationWatcherTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hanzo-edge-watch-").FullName;
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Lines log = new();
    private readonly List<EdgeConfiguration> applied = [];
    private readonly Dictionary<string, double> gauges = [];
    private readonly MeterListener listener = new();
    private readonly ConfigurationMetrics metrics;
    private string? refusal;

    public ConfigurationWatcherTests()
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        metrics = new ConfigurationMetrics(factory);
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.IsObservable)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => gauges[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => gauges[instrument.Name] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => gauges[instrument.Name] = value);
        listener.Start();
    }

    private string EdgeFile => Path.Combine(folder, "edge.yaml");

    [Fact]
    public void A_change_in_place_is_taken_when_two_looks_saw_the_same()
    {
        using var watcher = Watch(Named("one"));

        File.WriteAllText(EdgeFile, Named("two"));
        watcher.Look();
        Assert.Empty(applied);
        watcher.Look();

        Assert.Equal("two", Assert.Single(applied).Name);
        Assert.Equal(2, watcher.Running.Version.Number);
        Assert.Equal(2, applied[0].Topology.Version);
        Assert.Equal(2, Gauge("hanzo_edge_config_version"));
        Assert.Contains(log.All, line => line.EndsWith($"configuration {watcher.Running.Version} is in use", StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_by_rename_is_taken()
    {
        using var watcher = Watch(Named("one"));

        File.WriteAllText(EdgeFile + ".new", Named("two"));
        File.Move(EdgeFile + ".new", EdgeFile, overwrite: true);
        LookTwice(watcher);

        Assert.Equal("two", watcher.Running.Name);
    }

    [Fact]
    public void A_config_map_swapped_by_its_directory_link_is_taken()
    {
        WriteRevision("..2026_01", Named("one"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..2026_01");
        File.CreateSymbolicLink(EdgeFile, "..data/edge.yaml");
        using var watcher = Watch();

        WriteRevision("..2026_02", Named("two"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data_tmp"), "..2026_02");
        File.Delete(Path.Combine(folder, "..data"));
        Directory.Move(Path.Combine(folder, "..data_tmp"), Path.Combine(folder, "..data"));
        Directory.Delete(Path.Combine(folder, "..2026_01"), recursive: true);
        LookTwice(watcher);

        Assert.Equal("two", watcher.Running.Name);
    }

    [Fact]
    public void A_file_still_being_written_is_not_judged()
    {
        using var watcher = Watch(Named("one"));
        var whole = Named("two");

        for (var length = whole.Length / 4; length < whole.Length; length += whole.Length / 4)
        {
            File.WriteAllText(EdgeFile, whole[..length]);
            watcher.Look();
        }
        File.WriteAllText(EdgeFile, whole);
        LookTwice(watcher);

        Assert.Equal("two", Assert.Single(applied).Name);
        Assert.DoesNotContain(log.All, line => line.Contains("error:", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_problem_of_a_broken_file_is_a_log_event_of_its_own()
    {
        using var watcher = Watch(Named("one"));

        File.WriteAllText(EdgeFile, Named("two").Replace("regions:", "regoins:", StringComparison.Ordinal) + "\ntypo: 3\n");
        LookTwice(watcher);

        Assert.Single(log.All, line => line.Contains("'regoins'", StringComparison.Ordinal));
        Assert.Single(log.All, line => line.Contains("'typo'", StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains("'typo'", StringComparison.Ordinal) && line.Contains("'regoins'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_broken_file_is_told_once_and_the_old_configuration_stays()
    {
        using var watcher = Watch(Named("one"));

        File.WriteAllText(EdgeFile, Named("two").Replace("regions:", "regoins:", StringComparison.Ordinal));
        LookTwice(watcher);
        LookTwice(watcher);

        Assert.Empty(applied);
        Assert.Equal("one", watcher.Running.Name);
        Assert.Equal(0, Gauge("hanzo_edge_config_last_reload_successful"));
        Assert.Single(log.All, line => line.Contains("did you mean 'regions'?", StringComparison.Ordinal));
        Assert.Single(log.All, line => line.Contains($"configuration {watcher.Running.Version} stays in use", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_vanishes_changes_nothing_and_its_return_mends_the_metric()
    {
        using var watcher = Watch(Named("one"));

        File.Delete(EdgeFile);
        LookTwice(watcher);
        Assert.Equal(0, Gauge("hanzo_edge_config_last_reload_successful"));
        File.WriteAllText(EdgeFile, Named("one"));
        LookTwice(watcher);

        Assert.Empty(applied);
        Assert.Equal(1, watcher.Running.Version.Number);
        Assert.Equal(1, Gauge("hanzo_edge_config_last_reload_successful"));
    }

    [Fact]
    public void What_the_edge_refuses_to_apply_leaves_the_old_one()
    {
        using var watcher = Watch(Named("one"));
        refusal = "the board is on fire";

        File.WriteAllText(EdgeFile, Named("two"));
        LookTwice(watcher);
        Assert.Equal("one", watcher.Running.Name);
        Assert.Contains(log.All, line => line.Contains("the board is on fire", StringComparison.Ordinal));

        refusal = null;
        watcher.ReloadNow();
        Assert.Equal("two", watcher.Running.Name);
    }

    [Fact]
    public void A_signal_takes_the_change_without_a_second_look()
    {
        using var watcher = Watch(Named("one"));
        time.Advance(TimeSpan.FromMinutes(1));

        File.WriteAllText(EdgeFile, Named("two"));
        watcher.ReloadNow();
        LookTwice(watcher);

        Assert.Equal("two", Assert.Single(applied).Name);
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds(), Gauge("hanzo_edge_config_last_reload_success_timestamp_seconds"));
    }

    [Fact]
    public void A_file_that_a_value_comes_from_is_watched_too()
    {
        File.WriteAllText(Path.Combine(folder, "name"), "one\n");
        using var watcher = Watch(Named("${file:name}"));
        Assert.Equal("one", watcher.Running.Name);

        File.WriteAllText(Path.Combine(folder, "name"), "two\n");
        LookTwice(watcher);

        Assert.Equal("two", watcher.Running.Name);
    }

    [Fact]
    public void A_change_of_a_listener_is_taken_and_says_that_it_takes_a_restart()
    {
        using var watcher = Watch(Named("one"));

        File.WriteAllText(EdgeFile, Named("two").Replace("HANZO_EDGE_PORT:-8080", "HANZO_EDGE_PORT:-8090", StringComparison.Ordinal));
        LookTwice(watcher);

        Assert.Equal("two", watcher.Running.Name);
        Assert.Contains(log.All, line => line.Contains("a change of `listen` takes a restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_looks_by_itself_every_interval()
    {
        using var watcher = Watch(Named("one"));
        await watcher.StartAsync(CancellationToken.None);
        File.WriteAllText(EdgeFile, Named("two"));

        await Eventually.Holds("the change is taken", () =>
        {
            time.Advance(ConfigurationWatcher.DefaultInterval);
            return watcher.Running.Name == "two";
        });

        await watcher.StopAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        listener.Dispose();
        metrics.Dispose();
        services.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string Named(string name) => Read.DemoText.Replace("name: edge-local", $"name: {name}", StringComparison.Ordinal);

    private static void LookTwice(ConfigurationWatcher watcher)
    {
        watcher.Look();
        watcher.Look();
    }

    private void WriteRevision(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, name, "edge.yaml"), text);
    }

    private double Gauge(string name)
    {
        listener.RecordObservableInstruments();
        return gauges[name];
    }

    private ConfigurationWatcher Watch(string text)
    {
        File.WriteAllText(EdgeFile, text);
        return Watch();
    }

    private ConfigurationWatcher Watch()
    {
        var reader = Read.With();
        return new ConfigurationWatcher(EdgeFile, reader.ReadFile(EdgeFile), reader, Apply, metrics, time, log);
    }

    private string? Apply(EdgeConfiguration next)
    {
        if (refusal is null)
            applied.Add(next);
        return refusal;
    }

    /// <summary>Keeps the lines of a log.</summary>
    private sealed class Lines : ILogger<ConfigurationWatcher>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => All.Add(formatter(state, exception));
    }
}
