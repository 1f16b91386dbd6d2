using System.Runtime.InteropServices;

namespace Hanzo.Edge;

/// <summary>
/// Gives what the C library has and nobody uses back to the system. The runtime's compiler works in memory of that kind, and
/// after the minutes in which an edge gets warm the library would keep ten megabytes of it for ever (ADR 0172). The compiler
/// itself keeps up to sixteen, which it lets go of when the thread of the finalizers wakes; few objects of an edge have one.
/// </summary>
internal sealed partial class HeapTrim(TimeProvider time) : BackgroundService
{
    /// <summary>From one time to the next: just above the two seconds for which the compiler keeps what it has not used.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2.1);

    /// <summary>Gives back what it can.</summary>
    /// <returns>False where the C library knows no such thing: it is the GNU one that keeps so much.</returns>
    public static bool TryTrim()
    {
        try
        {
            GC.WaitForPendingFinalizers();
            _ = Trim(0);
            return true;
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken) && TryTrim())
            {
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the edge stops
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint keep);
}
