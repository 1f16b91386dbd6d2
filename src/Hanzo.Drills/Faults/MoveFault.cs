using System.Net;
using Hanzo.Drills.Resolving;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Faults;

/// <summary>A region moves to another address: DNS says so, and a few TTLs later nobody is at the old one. To mend it, it moves back.</summary>
internal sealed record MoveFault(IReadOnlyList<string> Targets) : Fault("move", Targets)
{
    private const int TtlsOfGrace = 3;

    public override bool NeedsNames => true;

    public override IEnumerable<string> LinkedRegions => Targets;

    public override string Text => $"upstream DNS moves {string.Join(", ", Targets)}";

    public override Task<string?> Begin(Scene scene, CancellationToken cancellation) => Move(scene, NodePlan.MovedAddress, cancellation);

    public override Task<string?> End(Scene scene, CancellationToken cancellation) => Move(scene, NodePlan.LoopbackAddress, cancellation);

    private async Task<string?> Move(Scene scene, string to, CancellationToken cancellation)
    {
        var links = scene.LinksOf(Targets).ToList();
        foreach (var link in links)
            link.AlsoAt(IPAddress.Parse(to));
        foreach (var target in Targets)
            scene.Names!.Say(EdgeConfigurationText.NameOf(target), IPAddress.Parse(to));
        await Task.Delay(TtlsOfGrace * NameServer.Ttl, scene.Time, cancellation);
        foreach (var link in links)
            link.OnlyAt(IPAddress.Parse(to));
        return null;
    }
}
