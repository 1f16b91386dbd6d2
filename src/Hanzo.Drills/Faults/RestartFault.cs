namespace Hanzo.Drills.Faults;

/// <summary>A rolling restart: each target stops in order, starts again and is ready before the next one's turn. It ends by itself.</summary>
internal sealed record RestartFault(IReadOnlyList<string> Targets) : Fault("restart", Targets)
{
    public override bool EndsByItself => true;

    public override async Task<string?> Begin(Scene scene, CancellationToken cancellation)
    {
        foreach (var process in Processes(scene))
        {
            await process.Stop();
            await process.Start();
            if (await process.BecomeReady(scene.Client, Scene.ReadyWithin, cancellation) is { } failure)
                return failure;
        }
        return null;
    }

    public override Task<string?> End(Scene scene, CancellationToken cancellation) => Task.FromResult<string?>(null);
}
