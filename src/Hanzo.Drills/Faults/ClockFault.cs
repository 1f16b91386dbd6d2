using System.Globalization;

namespace Hanzo.Drills.Faults;

/// <summary>The wall clock of nodes jumps, and back when it is mended; time that only goes on is left alone, as the kernel does.</summary>
internal sealed record ClockFault(IReadOnlyList<string> Targets, TimeSpan By) : Fault("clock", Targets)
{
    public override IEnumerable<string> ClockTargets => Targets;

    public override string Text => string.Create(CultureInfo.InvariantCulture, $"clock of {string.Join(", ", Targets)} jumps by {By.TotalSeconds:0.#} s");

    public override Task<string?> Begin(Scene scene, CancellationToken cancellation) => Set(scene, By);

    public override Task<string?> End(Scene scene, CancellationToken cancellation) => Set(scene, TimeSpan.Zero);

    private Task<string?> Set(Scene scene, TimeSpan by)
    {
        foreach (var node in scene.NodesOf(Targets))
            scene.Clocks[node].Set(by);
        return Task.FromResult<string?>(null);
    }
}
