namespace Hanzo.Drills.Worlds;

/// <summary>An edge or a node of a world, that may be ended and started again.</summary>
/// <param name="readyUrl">Answers 200 when it is ready.</param>
/// <param name="command">The program and its arguments.</param>
internal sealed class WorldProcess(
    string name, string readyUrl, RunDirectory run, Keeper keeper, TimeProvider time, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> command) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly List<Child> _lives = [];

    public string Name => name;

    /// <summary>Whether it has been started, be it running or not.</summary>
    public bool Started => _lives.Count > 0;

    public Child Child => _lives[^1];

    /// <summary>Starts it, or starts it again with a new file for its output.</summary>
    public async Task Start() =>
        _lives.Add(await keeper.Start(name, run.LogOf(_lives.Count == 0 ? name : $"{name}.{_lives.Count + 1}"), variables, command));

    /// <summary>Ends it as a power cut would, and waits until it is gone.</summary>
    public async Task Kill()
    {
        Child.Kill();
        await Child.Exit();
    }

    /// <summary>Asks it to stop in order, and waits; kills it when it does not.</summary>
    public Task Stop()
    {
        if (!Started)
            return Task.CompletedTask;
        Thaw();
        return Child.Stop(StopPatience, time);
    }

    /// <summary>It stays, with its connections, and does nothing.</summary>
    public void Freeze() => _ = Posix.Kill(Child.Pid, Posix.SIGSTOP);

    public void Thaw() => _ = Posix.Kill(Child.Pid, Posix.SIGCONT);

    /// <summary>Waits until it is ready. Null when it is, else why not.</summary>
    public async Task<string?> BecomeReady(HttpClient client, TimeSpan within, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (!await IsReady(client, cancellation))
        {
            if (Child.HasExited)
                return Child.Epitaph();
            if (time.GetElapsedTime(start) > within)
                return $"{name} is not ready after {within.TotalSeconds:0} s";
            await Task.Delay(Pause, time, cancellation);
        }
        return null;
    }

    public void Dispose()
    {
        foreach (var life in _lives)
            life.Dispose();
    }

    private async Task<bool> IsReady(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(readyUrl, cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
