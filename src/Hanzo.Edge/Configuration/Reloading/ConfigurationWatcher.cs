using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Configuration.Reloading;

/// <summary>
/// Takes changes of the configuration file while the edge runs. A change is taken when two looks in a row saw the same content, so
/// that a file is not read while it is being written; a file that is wrong changes nothing and is told once.
/// </summary>
internal sealed class ConfigurationWatcher : BackgroundService
{
    /// <summary>Time between two looks. A change is taken after two of them at most.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock looking = new();
    private readonly string path;
    private readonly ConfigurationReader reader;
    private readonly Func<EdgeConfiguration, string?> apply;
    private readonly ConfigurationMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly TimeSpan interval;
    private readonly EdgeConfiguration started;

    private ImmutableArray<string> included;
    private EdgeConfiguration running;
    private string taken;
    private string judged;
    private string? seen;

    /// <summary>Watches on from the configuration the edge started with.</summary>
    /// <param name="path">The file.</param>
    /// <param name="first">What was read from it at start.</param>
    /// <param name="reader">Reads it.</param>
    /// <param name="apply">Puts a configuration to use and says what is wrong with it, or null; on an error it leaves the old one in use. Called by one thread at a time.</param>
    /// <param name="metrics">Takes what became of each change.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Takes a line for each change.</param>
    /// <param name="interval">Time between two looks, or null for <see cref="DefaultInterval"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="first"/> is not a configuration.</exception>
    public ConfigurationWatcher(
        string path,
        ConfigurationResult first,
        ConfigurationReader reader,
        Func<EdgeConfiguration, string?> apply,
        ConfigurationMetrics metrics,
        TimeProvider time,
        ILogger<ConfigurationWatcher> log,
        TimeSpan? interval = null)
    {
        this.path = path;
        this.reader = reader;
        this.apply = apply;
        this.metrics = metrics;
        this.time = time;
        this.log = log;
        this.interval = interval ?? DefaultInterval;
        started = running = first.Configuration ?? throw new ArgumentException("The edge starts with a configuration.", nameof(first));
        included = first.Files;
        // A change between the first reading and now has another hash than the one in use, and is taken as any other.
        var now = WatchedContent.Take(path, included);
        taken = judged = now.Bytes is { } bytes && ConfigurationVersion.HashOf(bytes) == running.Version.Hash ? now.Fingerprint : "";
        metrics.InUse(running.Version, time.GetUtcNow());
    }

    /// <summary>The configuration in use.</summary>
    public EdgeConfiguration Running => Volatile.Read(ref running);

    /// <summary>Looks once; what <see cref="ExecuteAsync"/> does every interval.</summary>
    public void Look()
    {
        lock (looking)
        {
            var now = WatchedContent.Take(path, included);
            var stable = now.Fingerprint == seen;
            seen = now.Fingerprint;
            if (now.Fingerprint != judged && stable)
                Judge(now);
        }
    }

    /// <summary>Reads the file at once, as an operator asks by SIGHUP: without waiting for a second look, and again where it was wrong before.</summary>
    public void ReloadNow()
    {
        lock (looking)
        {
            var now = WatchedContent.Take(path, included);
            if (now.Fingerprint == taken && judged == taken)
                log.NothingChanged(path, running.Version);
            else
                Judge(now);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                LookAndSurvive();
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private void LookAndSurvive()
    {
        try
        {
            Look();
        }
        catch (Exception e)
        {
            log.LookFailed(e, path);
            metrics.Refused();
        }
    }

    private void Judge(WatchedContent now)
    {
        var result = ReadOf(now);
        if (!result.Files.SequenceEqual(included))
        {
            // The fingerprint that counts covers the files this content names, taken before they are read: a change after it is seen.
            included = result.Files;
            now = WatchedContent.Take(path, included);
            result = ReadOf(now);
        }
        judged = seen = now.Fingerprint;
        if (judged == taken)
        {
            metrics.InUse(running.Version, time.GetUtcNow());
            log.BackToRunning(path, running.Version);
            return;
        }
        foreach (var problem in result.Problems)
            Tell(problem);
        if (result.Configuration is not { } next)
            Refuse(ProblemReport.Count(result.Errors, "error"));
        else if (apply(next) is { } wrong)
            Refuse(wrong);
        else
            Took(next);
    }

    private ConfigurationResult ReadOf(WatchedContent content)
        => content.Bytes is { } bytes ? reader.Read(bytes, path, running.Version.Number + 1) : reader.ReadFile(path, running.Version.Number + 1);

    private void Took(EdgeConfiguration next)
    {
        Volatile.Write(ref running, next);
        taken = judged;
        metrics.Taken(next.Version, time.GetUtcNow());
        log.Reloaded(path, next.Version);
        if (!next.Listen.SequenceEqual(started.Listen))
            log.NeedsRestart(path, "listen");
        if (!next.Admin.Equals(started.Admin))
            log.NeedsRestart(path, "admin");
        if (!Equals(next.Peers, started.Peers))
            log.NeedsRestart(path, "peers");
        if (next.OverrideFile != started.OverrideFile)
            log.NeedsRestart(path, "health.overrides.file");
    }

    private void Refuse(string why)
    {
        metrics.Refused();
        log.Refused(path, why, running.Version);
    }

    private void Tell(Problem problem)
    {
        if (problem.Severity == Severity.Error)
            log.Wrong(problem.Show(path));
        else
            log.Surprising(problem.Show(path));
    }
}
