using System.Diagnostics;

namespace Hanzo.Drills.Worlds;

/// <summary>A process that this one started, whose output is in a file.</summary>
internal sealed class Child(string name, string log, Process process) : IDisposable
{
    private const int LastLines = 10;

    public string Name => name;

    public string Log => log;

    public int Pid { get; } = process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>128 + N for a process that signal N ended.</summary>
    public int ExitCode => process.ExitCode;

    public Task Exit(CancellationToken cancellation = default) => process.WaitForExitAsync(cancellation);

    /// <summary>Asks it to stop, waits at most <paramref name="patience"/>, then kills it and what it started.</summary>
    public async Task Stop(TimeSpan patience, TimeProvider time)
    {
        if (!process.HasExited)
            _ = Posix.Kill(Pid, Posix.SIGTERM);
        try
        {
            await Exit().WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            Kill();
            await Exit();
        }
    }

    /// <summary>Ends it at once, with what it started: it leads a process group where the system has them.</summary>
    public void Kill()
    {
        if (process.HasExited)
            return;
        _ = Posix.Kill(-Pid, Posix.SIGKILL);
        _ = Posix.Kill(Pid, Posix.SIGKILL);
    }

    /// <summary>Its last lines, to be read with its exit code.</summary>
    public IReadOnlyList<string> LastOutput() => File.Exists(log) ? [.. File.ReadLines(log).TakeLast(LastLines)] : [];

    /// <summary>How it ended, for a person.</summary>
    public string Epitaph() =>
        string.Join('\n', [$"{name} ended with exit code {ExitCode}; its output is in {log}", .. LastOutput().Select(line => $"    {line}")]);

    public void Dispose() => process.Dispose();
}
