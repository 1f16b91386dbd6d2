using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hanzo.Drills.Worlds;

/// <summary>
/// Starts processes that cannot outlive this one, however it dies.
///
/// The kernel is asked to kill each child when its parent goes (PR_SET_PDEATHSIG, set by setpriv of util-linux). It means
/// the parent thread, not the process, so one thread that never ends starts them all. A parent that died before the kernel
/// was asked is noticed by the shell, which then does not start the program. Rejected: a pipe that children watch, because
/// a frozen child would not, and the two programs would need to know of drills.
///
/// Each child leads its own session, so that Ctrl-C in a terminal reaches only this process, which then stops them in
/// order. Where util-linux is missing (not Linux) children start plainly and outlive a kill -9.
/// </summary>
internal sealed class Keeper
{
    private const string Script = "[ \"$PPID\" -eq \"$1\" ] || exit 1; log=$2; shift 2; exec \"$@\" >\"$log\" 2>&1 </dev/null";

    private readonly BlockingCollection<Action> _starts = [];
    private readonly bool _kernelKeeps = File.Exists("/usr/bin/setpriv") && File.Exists("/usr/bin/setsid");

    public Keeper()
    {
        new Thread(() =>
        {
            foreach (var start in _starts.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = "keeper" }.Start();
    }

    /// <summary>Starts a program whose output goes to <paramref name="log"/>.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="log">A file; it is replaced.</param>
    /// <param name="variables">Added to this process's environment.</param>
    /// <param name="command">The program and its arguments.</param>
    public Task<Child> Start(string name, string log, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> command)
    {
        var info = new ProcessStartInfo("/bin/sh", [.. Wrap(), log, .. command]);
        if (_kernelKeeps)
            info = new ProcessStartInfo("/usr/bin/setsid", ["/usr/bin/setpriv", "--pdeathsig", "KILL", "/bin/sh", .. info.ArgumentList]);
        foreach (var (variable, value) in variables)
            info.Environment[variable] = value;

        var started = new TaskCompletionSource<Child>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add(() =>
        {
            try
            {
                started.SetResult(new Child(name, log, Process.Start(info)!));
            }
            catch (Exception failed)
            {
                started.SetException(failed);
            }
        });
        return started.Task;
    }

    private static IEnumerable<string> Wrap() => ["-c", Script, "hanzo-drill", Environment.ProcessId.ToString()];
}
