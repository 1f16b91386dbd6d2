using System.Globalization;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Faults;

/// <summary>
/// Each time that nodes have something put on their disk for good, it takes so much longer: strace holds the system calls back.
/// It stops the process at every other system call, too, so that all of the node is slower.
/// </summary>
internal sealed record SlowDiskFault(IReadOnlyList<string> Targets, TimeSpan By) : Fault("slowDisk", Targets)
{
    private const string Strace = "/usr/bin/strace";
    private const string Calls = "fsync,fdatasync";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly List<Child> _tracers = [];

    public override string Text => string.Create(CultureInfo.InvariantCulture, $"disk of {string.Join(", ", Targets)} slow by {By.TotalMilliseconds:0} ms");

    public override string? WhyNot => File.Exists(Strace) ? null : $"slowDisk needs {Strace} (Debian package strace)";

    public override async Task<string?> Begin(Scene scene, CancellationToken cancellation)
    {
        foreach (var process in Processes(scene))
        {
            var delay = ((long)By.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
            _tracers.Add(await scene.Keeper.Start($"strace of {process.Name}", scene.Run.LogOf($"strace-{process.Name}"), new Dictionary<string, string>(),
                [Strace, "-f", "-q", "-o", "/dev/null", "-e", $"trace={Calls}", "-e", $"inject={Calls}:delay_exit={delay}", "-p", process.Child.Pid.ToString(CultureInfo.InvariantCulture)]));
        }
        return _tracers.Find(tracer => tracer.HasExited)?.Epitaph();
    }

    public override async Task<string?> End(Scene scene, CancellationToken cancellation)
    {
        var gone = _tracers.Find(tracer => tracer.HasExited)?.Epitaph();
        foreach (var tracer in _tracers)
        {
            await tracer.Stop(Patience, scene.Time);
            tracer.Dispose();
        }
        _tracers.Clear();
        return gone;
    }
}
