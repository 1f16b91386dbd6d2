namespace Hanzo.Drills.Faults;

/// <summary>The resolver by which edges find endpoints fails.</summary>
internal sealed record NamesFault() : Fault("names", [])
{
    public override bool NeedsNames => true;

    public override string Text => "names failing";

    public override Task<string?> Begin(Scene scene, CancellationToken cancellation) => Fail(scene, true);

    public override Task<string?> End(Scene scene, CancellationToken cancellation) => Fail(scene, false);

    private static Task<string?> Fail(Scene scene, bool fails)
    {
        scene.Names!.Fails = fails;
        return Task.FromResult<string?>(null);
    }
}
