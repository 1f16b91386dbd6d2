using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;
using Hanzo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests.Location;

public sealed class GeoDatabaseTests : IDisposable
{
    private static readonly byte[] France = new MmdbWriter { BuildEpoch = 1_700_000_000 }.Add("80.0.0.0/8", MmdbWriter.City("FR", 48.85, 2.35)).ToArray();
    private static readonly byte[] Singapore = new MmdbWriter { BuildEpoch = 1_700_086_400 }.Add("80.0.0.0/8", MmdbWriter.City("SG", 1.35, 103.82)).ToArray();

    private readonly string folder = Directory.CreateTempSubdirectory("geo-").FullName;
    private readonly string path;
    private readonly FakeTimeProvider time = new(new(2026, 6, 5, 12, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeasuredMeter measured;
    private readonly Lines log = new();
    private readonly LocationMetrics metrics;

    public GeoDatabaseTests()
    {
        path = Path.Combine(folder, "city.mmdb");
        measured = new(services.GetRequiredService<IMeterFactory>());
        metrics = new(services.GetRequiredService<IMeterFactory>());
    }

    public static TheoryData<string> Ways => ["rename", "in place", "symlink"];

    public static TheoryData<string> BrokenFiles => BrokenDatabaseTests.BrokenFiles;

    public void Dispose()
    {
        measured.Dispose();
        services.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_replaced_file_is_in_use_after_the_second_look(string way)
    {
        using var database = Open(France);
        var told = new List<PlaceTable>();
        database.Changed += told.Add;
        Replace(way, Singapore);
        database.Look();
        Assert.Equal("FR", Country(database));
        database.Look();
        Assert.Equal("SG", Country(database));
        Assert.Same(database.Current, Assert.Single(told));
        Assert.Equal(1_700_086_400, measured.Gauge("hanzo_edge_geo_build_timestamp_seconds"));
        Assert.Equal(1, measured.Gauge("hanzo_edge_geo_last_reload_successful"));
        Assert.Equal(2, measured.Gauge("hanzo_edge_geo_places"));
    }

    // Two looks, one poll interval apart, and then at once: what a poll interval makes of the ten seconds is arithmetic, and
    // the system tests measure it with a running edge. Here the table is torn at while a million lookups run.
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_file_replaced_while_lookups_run_fails_none(string way)
    {
        using var database = Open(File.ReadAllBytes(GeoFixtures.EmbeddedDatabase));
        var client = ClientKey.Of(IPAddress.Parse("80.1.2.3"));
        var before = Country(database);
        Assert.NotNull(before);
        var (lookups, wrong, replaced) = (0, 0, false);
        // Threads of their own: two that never yield would leave the pool none on a machine with two cores.
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            while (Volatile.Read(ref lookups) < 1_000_000 || !Volatile.Read(ref replaced))
            {
                for (var i = 0; i < 1000; i++)
                {
                    var table = database.Current;
                    var country = table.Places[table.PlaceOf(client)].Country;
                    if (country != before && country != "SG" && country != "FR")
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }

                Interlocked.Add(ref lookups, 1000);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();

        for (var turn = 0; turn < 10; turn++)
        {
            var (content, country) = turn % 2 == 0 ? (Singapore, "SG") : (France, "FR");
            Replace(way, content);
            Look(database, 2);
            Assert.Equal(country, Country(database));
        }
        Volatile.Write(ref replaced, true);
        await Task.WhenAll(readers);
        Assert.Equal(0, wrong);
        Assert.Empty(log.Errors);
    }

    [Fact]
    public void Two_looks_at_a_file_fit_many_times_into_ten_seconds()
        => Assert.True(new GeoOptions { Database = path }.PollInterval * 4 <= TimeSpan.FromSeconds(10));

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void A_broken_file_is_refused_with_one_line_and_the_old_one_stays(string broken)
    {
        using var database = Open(France);
        AssertRefused(database, File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, broken)));
    }

    [Fact]
    public void An_empty_file_a_page_and_a_half_written_file_are_refused_with_one_line_each()
    {
        using var database = Open(France);
        AssertRefused(database, []);
        AssertRefused(database, "<!DOCTYPE html><html><body>Too many requests</body></html>"u8.ToArray());
        AssertRefused(database, Singapore[..^20]);
        Replace("in place", Singapore);
        Look(database, 2);
        Assert.Equal("SG", Country(database));
        Assert.Equal(1, measured.Gauge("hanzo_edge_geo_last_reload_successful"));
    }

    [Fact]
    public void A_file_that_is_gone_is_refused_and_the_same_one_coming_back_is_good_again()
    {
        using var database = Open(France);
        File.Delete(path);
        Look(database, 5);
        Assert.Contains("there is no such file", Assert.Single(log.Errors));
        Assert.Equal("FR", Country(database));
        Replace("rename", France);
        Look(database, 2);
        Assert.Equal(1, measured.Gauge("hanzo_edge_geo_last_reload_successful"));
    }

    [Fact]
    public void The_same_content_written_again_changes_nothing()
    {
        using var database = Open(France);
        var table = database.Current;
        database.Changed += _ => Assert.Fail("told of a change");
        Replace("in place", France);
        File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Look(database, 3);
        Assert.Same(table, database.Current);
    }

    [Fact]
    public async Task The_watch_looks_again_after_each_poll_interval()
    {
        using var database = Open(France);
        await database.StartAsync(CancellationToken.None);
        Replace("rename", Singapore);
        await Eventually.Holds("two intervals later the new one serves", () =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return Country(database) == "SG";
        });
        await database.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void A_file_that_is_still_growing_is_waited_for()
    {
        using var database = Open(France);
        for (var length = 10; length < Singapore.Length; length += 10)
        {
            File.WriteAllBytes(path, Singapore[..length]);
            database.Look();
        }

        Assert.Empty(log.Errors);
        File.WriteAllBytes(path, Singapore);
        Look(database, 2);
        Assert.Equal("SG", Country(database));
    }

    [Fact]
    public void A_file_with_another_hash_than_the_configured_one_is_refused()
    {
        using var database = Open(France, Convert.ToHexString(SHA256.HashData(France)));
        Replace("rename", Singapore);
        Look(database, 2);
        Assert.Equal("FR", Country(database));
        Assert.Contains($"its SHA-256 is {Convert.ToHexStringLower(SHA256.HashData(Singapore))}, not ", Assert.Single(log.Errors));
    }

    [Fact]
    public void What_a_configuration_names_is_loaded_aside_and_then_taken()
    {
        using var database = Open(France);
        var other = new GeoOptions { Database = Path.Combine(folder, "other.mmdb") };
        Assert.False(GeoVersion.TryLoad(other, time, out _, out var fault));
        Assert.Equal($"{other.Database}: there is no such file", fault);
        File.WriteAllBytes(other.Database, Singapore);
        Assert.True(GeoVersion.TryLoad(other, time, out var loaded, out fault), fault);
        database.Use(other, loaded);
        Assert.Equal("SG", Country(database));
        File.WriteAllBytes(other.Database, France);
        Look(database, 2);
        Assert.Equal("FR", Country(database));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    public void At_start_a_broken_file_is_an_error_that_names_it(string content)
    {
        File.WriteAllText(path, content);
        Assert.False(GeoVersion.TryLoad(new() { Database = path }, time, out _, out var fault));
        Assert.StartsWith($"{path}: ", fault);
    }

    [Fact]
    public void A_folder_in_the_place_of_a_file_is_an_error()
    {
        Assert.False(GeoVersion.TryLoad(new() { Database = folder }, time, out _, out var fault));
        Assert.StartsWith($"{folder}: ", fault);
    }

    private GeoDatabase Open(byte[] content, string? sha256 = null)
    {
        Directory.CreateDirectory(Path.Combine(folder, "v1"));
        File.WriteAllBytes(Path.Combine(folder, "v1", "city.mmdb"), content);
        File.CreateSymbolicLink(path, Path.Combine("v1", "city.mmdb"));
        var options = new GeoOptions { Database = path, Sha256 = sha256, PollInterval = TimeSpan.FromSeconds(2) };
        Assert.True(GeoVersion.TryLoad(options, time, out var first, out var fault), fault);
        return new GeoDatabase(options, first, time, metrics, log);
    }

    private void Replace(string way, byte[] content)
    {
        var aside = Path.Combine(folder, "aside");
        switch (way)
        {
            case "rename":
                File.WriteAllBytes(aside, content);
                File.Move(aside, path, overwrite: true);
                break;
            case "in place":
                File.WriteAllBytes(path, content);
                break;
            default:
                var next = $"v{Directory.GetDirectories(folder).Length + 1}";
                Directory.CreateDirectory(Path.Combine(folder, next));
                File.WriteAllBytes(Path.Combine(folder, next, "city.mmdb"), content);
                File.CreateSymbolicLink(aside, Path.Combine(next, "city.mmdb"));
                File.Move(aside, path, overwrite: true);
                break;
        }
    }

    private void AssertRefused(GeoDatabase database, byte[] content)
    {
        var (lines, refused) = (log.Errors.Count, measured.Total("hanzo_edge_geo_reloads_total", "result", "refused"));
        var table = database.Current;
        Replace("in place", content);
        Look(database, 5);
        Assert.Same(table, database.Current);
        Assert.Contains(path, Assert.Single(log.Errors.Skip(lines)));
        Assert.Equal(refused + 1, measured.Total("hanzo_edge_geo_reloads_total", "result", "refused"));
        Assert.Equal(0, measured.Gauge("hanzo_edge_geo_last_reload_successful"));
    }

    private static void Look(GeoDatabase database, int times)
    {
        for (var i = 0; i < times; i++)
        {
            database.Look();
        }
    }

    private static string? Country(GeoDatabase database) => database.Current.PlaceOf("80.1.2.3").Country;

    private sealed class Lines : ILogger<GeoDatabase>
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                Errors.Add(formatter(state, exception));
            }
        }
    }
}
