using System.Diagnostics;

namespace Hanzo.Drills.Checkers;

/// <summary>What a step answered when it was run as a person would run it.</summary>
internal sealed record StepResult(WalkStep Step, int ExitCode, string Answer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public bool Passed => ExitCode == 0 && Step.MissingFrom(Answer).Count == 0;

    /// <summary>Why it failed, with the whole answer.</summary>
    public string Failure() => string.Join('\n',
    [
        ExitCode == 0 ? $"the answer lacks: {string.Join("; ", Step.MissingFrom(Answer))}" : $"exit code {ExitCode}",
        .. Answer.TrimEnd().Split('\n').Select(line => $"    {line.TrimEnd()}"),
    ]);

    /// <summary>Runs exactly the printed command in a shell.</summary>
    public static async Task<StepResult> Of(WalkStep step, TimeProvider time, CancellationToken cancellation)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", step.Command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        shell.StandardInput.Close();
        var answer = Task.WhenAll(shell.StandardOutput.ReadToEndAsync(cancellation), shell.StandardError.ReadToEndAsync(cancellation));
        try
        {
            await shell.WaitForExitAsync(cancellation).WaitAsync(Patience, time, cancellation);
            return new StepResult(step, shell.ExitCode, string.Concat(await answer));
        }
        catch (TimeoutException)
        {
            return new StepResult(step, -1, $"no answer within {Patience.TotalSeconds:0} s");
        }
        finally
        {
            if (!shell.HasExited)
                shell.Kill(entireProcessTree: true);
        }
    }
}
