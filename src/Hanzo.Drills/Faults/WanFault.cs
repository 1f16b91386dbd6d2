namespace Hanzo.Drills.Faults;

/// <summary>The WAN between sites and all others gets worse, both ways.</summary>
/// <param name="Delay">Added to what is usual, one way.</param>
/// <param name="Loss">The share of packets that is lost, 0 to 1.</param>
/// <param name="BytesPerSecond">0 is without bound.</param>
internal sealed record WanFault(IReadOnlyList<string> Targets, TimeSpan Delay, TimeSpan Jitter, double Loss, double BytesPerSecond) : Fault("wan", Targets)
{
    public override bool NeedsWan => true;

    public override string Text => $"wan of {string.Join(", ", Targets)} worse";

    public override Task<string?> Begin(Scene scene, CancellationToken cancellation) => Change(scene, worse: true);

    public override Task<string?> End(Scene scene, CancellationToken cancellation) => Change(scene, worse: false);

    private Task<string?> Change(Scene scene, bool worse)
    {
        var wan = scene.Wan!;
        foreach (var target in Targets)
            foreach (var other in wan.Others([target]))
                foreach (var (from, to) in new[] { (target, other), (other, target) })
                    wan.Change(from, to, usual => worse ? usual with { Delay = usual.Delay + Delay, Jitter = Jitter, Loss = Loss, Bandwidth = BytesPerSecond } : usual);
        return Task.FromResult<string?>(null);
    }
}
