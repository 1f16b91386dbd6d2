namespace Hanzo.Drills.Worlds;

/// <summary>
/// Notices when the <c>dotnet run</c> that started this program is gone: it passes on SIGTERM, but cannot pass on SIGKILL,
/// and the terminal would then show a prompt while the world runs on. Any other parent may leave: that is how one detaches.
/// </summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Completes when the parent was dotnet and is gone; otherwise only by cancellation.</summary>
    public static async Task Gone(TimeProvider time, CancellationToken cancellation)
    {
        var parent = Posix.ParentProcessId();
        var name = $"/proc/{parent}/comm";
        if (!File.Exists(name) || (await File.ReadAllTextAsync(name, cancellation)).Trim() != "dotnet")
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
        using var timer = new PeriodicTimer(Pause, time);
        while (Posix.ParentProcessId() == parent)
            await timer.WaitForNextTickAsync(cancellation);
    }
}
