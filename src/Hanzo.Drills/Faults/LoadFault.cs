namespace Hanzo.Drills.Faults;

/// <summary>More customers come. Arrivals are drawn with it, so there is nothing to do when its time comes.</summary>
internal sealed record LoadFault(double Times) : Fault("load", [])
{
    public override double Load => Times;

    public override Task<string?> Begin(Scene scene, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public override Task<string?> End(Scene scene, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public override string Text => $"load times {Times:0.#}";
}
