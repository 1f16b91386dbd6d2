namespace Hanzo.Drills.Faults;

/// <summary>Processes end as in a power cut. To mend it they are started again.</summary>
internal sealed record KillFault(IReadOnlyList<string> Targets) : Fault("kill", Targets)
{
    public override async Task<string?> Begin(Scene scene, CancellationToken cancellation)
    {
        await Task.WhenAll(Processes(scene).Select(process => process.Kill()));
        return null;
    }

    public override async Task<string?> End(Scene scene, CancellationToken cancellation)
    {
        var failures = await Task.WhenAll(Processes(scene).Select(async process =>
        {
            await process.Start();
            return await process.BecomeReady(scene.Client, Scene.ReadyWithin, cancellation);
        }));
        return failures.FirstOrDefault(failure => failure is not null);
    }
}
