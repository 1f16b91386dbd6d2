using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Wan;

/// <summary>Does something where the network is that of another process. What is opened there stays there.</summary>
internal static class NetworkNamespace
{
    /// <param name="process">Null for the namespace of this process.</param>
    /// <param name="work">Runs to its end before this returns; what it throws is thrown.</param>
    /// <exception cref="Win32Exception">The system refuses: not root.</exception>
    public static void Inside(int? process, Action work)
    {
        Exception? failure = null;
        // A thread of its own: it changes its namespace, and no other work may ever run on it.
        var thread = new Thread(() =>
        {
            try
            {
                if (process is { } pid)
                    Enter(pid);
                work();
            }
            catch (Exception refused)
            {
                failure = refused;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static void Enter(int process)
    {
        using var space = File.OpenHandle($"/proc/{process}/ns/net");
        if (Posix.SetNamespace(space, Posix.CLONE_NEWNET) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
