namespace Hanzo.Drills.Faults;

/// <summary>Processes keep their connections and do nothing: the kernel still accepts for them.</summary>
internal sealed record FreezeFault(IReadOnlyList<string> Targets) : Fault("freeze", Targets)
{
    public override Task<string?> Begin(Scene scene, CancellationToken cancellation)
    {
        foreach (var process in Processes(scene))
            process.Freeze();
        return Task.FromResult<string?>(null);
    }

    public override Task<string?> End(Scene scene, CancellationToken cancellation)
    {
        foreach (var process in Processes(scene))
            process.Thaw();
        return Task.FromResult<string?>(null);
    }
}
