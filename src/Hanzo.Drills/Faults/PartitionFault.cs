namespace Hanzo.Drills.Faults;

/// <summary>Packets between sites are dropped, and nobody is told.</summary>
/// <param name="From">The sites that they are cut from; empty is every other region and edge.</param>
/// <param name="OneWay">Whether only what the targets send is dropped.</param>
/// <param name="CustomersToo">Whether customers are cut off from them as well.</param>
internal sealed record PartitionFault(IReadOnlyList<string> Targets, IReadOnlyList<string> From, bool OneWay, bool CustomersToo) : Fault("partition", Targets)
{
    public override bool NeedsWan => true;

    public override string Text => From.Count == 0 ? base.Text : $"{base.Text} from {string.Join(", ", From)}";

    public override Task<string?> Begin(Scene scene, CancellationToken cancellation) => Cut(scene, true);

    public override Task<string?> End(Scene scene, CancellationToken cancellation) => Cut(scene, false);

    private Task<string?> Cut(Scene scene, bool cut)
    {
        var wan = scene.Wan!;
        IEnumerable<string> others = From.Count > 0 ? From : wan.Others(Targets);
        foreach (var target in Targets)
            foreach (var other in CustomersToo ? others.Append(Wan.WanPlan.CustomersSite) : others)
            {
                wan.Change(target, other, usual => usual with { Cut = cut });
                if (!OneWay)
                    wan.Change(other, target, usual => usual with { Cut = cut });
            }
        return Task.FromResult<string?>(null);
    }
}
