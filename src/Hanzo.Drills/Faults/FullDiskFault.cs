namespace Hanzo.Drills.Faults;

/// <summary>The disk of nodes is full to the last byte.</summary>
internal sealed record FullDiskFault(IReadOnlyList<string> Targets) : Fault("fullDisk", Targets)
{
    public override IEnumerable<string> DiskTargets => Targets;

    public override string Text => $"disk of {string.Join(", ", Targets)} full";

    public override async Task<string?> Begin(Scene scene, CancellationToken cancellation)
    {
        foreach (var node in scene.NodesOf(Targets))
            await scene.Disks[node].Fill(cancellation);
        return null;
    }

    public override Task<string?> End(Scene scene, CancellationToken cancellation)
    {
        foreach (var node in scene.NodesOf(Targets))
            scene.Disks[node].Free();
        return Task.FromResult<string?>(null);
    }
}
