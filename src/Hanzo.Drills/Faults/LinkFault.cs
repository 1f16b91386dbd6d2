namespace Hanzo.Drills.Faults;

/// <summary>The way to nodes misbehaves: slow, answering errors, refusing, or taking requests without a word.</summary>
internal sealed record LinkFault(string Kind, IReadOnlyList<string> Targets, LinkBehaviour Behaviour) : Fault(Kind, Targets)
{
    public override IEnumerable<string> LinkedRegions => Targets;

    public override Task<string?> Begin(Scene scene, CancellationToken cancellation) => Behave(scene, Behaviour);

    public override Task<string?> End(Scene scene, CancellationToken cancellation) => Behave(scene, LinkBehaviour.Honest);

    private Task<string?> Behave(Scene scene, LinkBehaviour behaviour)
    {
        foreach (var link in scene.LinksOf(Targets))
            link.Behave(behaviour);
        return Task.FromResult<string?>(null);
    }
}
