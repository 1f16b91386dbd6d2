namespace Hanzo.Drills.Faults;

/// <summary>Nodes refuse and serve in turn.</summary>
/// <param name="Every">How long each of the two lasts.</param>
internal sealed record FlapFault(IReadOnlyList<string> Targets, TimeSpan Every) : Fault("flap", Targets)
{
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _flapping = Task.CompletedTask;

    public override IEnumerable<string> LinkedRegions => Targets;

    public override Task<string?> Begin(Scene scene, CancellationToken cancellation)
    {
        _flapping = Flap(scene);
        return Task.FromResult<string?>(null);
    }

    public override async Task<string?> End(Scene scene, CancellationToken cancellation)
    {
        _ending.TrySetResult();
        await _flapping;
        foreach (var link in scene.LinksOf(Targets))
            link.Behave(LinkBehaviour.Honest);
        return null;
    }

    private async Task Flap(Scene scene)
    {
        for (var refuse = true; !_ending.Task.IsCompleted; refuse = !refuse)
        {
            foreach (var link in scene.LinksOf(Targets))
                link.Behave(new LinkBehaviour { Refuse = refuse });
            await Task.WhenAny(_ending.Task, Task.Delay(Every, scene.Time));
        }
    }
}
