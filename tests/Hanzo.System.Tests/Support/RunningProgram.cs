using System.Collections.Concurrent;
using System.Diagnostics;
using Hanzo.Testing;

namespace Hanzo.System.Tests.Support;

/// <summary>A real process of one of the programs, with what it wrote.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything it wrote so far, or since it was forgotten, to either stream.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Forgets what it wrote until now.</summary>
    public void Forget() => _lines.Clear();

    /// <summary>Starts what is measured: where this user may say so, it and all that it starts go before what runs beside it.</summary>
    public static RunningProgram StartFirst(string program, IReadOnlyList<string> arguments) => Start("nice", ["-n", "-10", program, .. arguments]);

    public static RunningProgram Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        // A shell's background job ignores SIGINT, and so would all that it starts: these tests send it, so it is set back.
        var info = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,QUIT,HUP", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        // Programs that live for seconds only pay for counting what they might compile better later, and for compiling again
        // what is called thirty times: after 512 (in hexadecimal) it is worth it.
        info.Environment["DOTNET_TieredPGO"] = "0";
        info.Environment["DOTNET_TC_CallCountThreshold"] = "200";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        return new RunningProgram(Process.Start(info)!);
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public void Signal(string name) => Signal(Pid, name);

    public static void Signal(int pid, string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {pid}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it wrote <paramref name="text"/>; one that ended without is not waited for.</summary>
    public async Task Says(string text, TimeSpan? within = null)
    {
        await Eventually.Holds(() => $"it says '{text}'; it said:\n{Output}", () => _process.HasExited || Says(text), within);
        if (!Says(text)) await Exit();
        Assert.True(Says(text), $"It ended and never said '{text}'; it said:\n{Output}");
    }

    /// <summary>Its exit code, once everything it wrote was read.</summary>
    public async Task<int> Exit(TimeSpan? within = null)
    {
        await _process.WaitForExitAsync().WaitAsync(within ?? Eventually.Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private bool Says(string text) => Output.Contains(text, StringComparison.Ordinal);

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
