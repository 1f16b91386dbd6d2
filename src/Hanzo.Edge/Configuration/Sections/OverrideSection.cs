using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Health.Overriding;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>`health.overrides`: what operators may do to regions, and where it is kept.</summary>
internal static class OverrideSection
{
    private static readonly OverrideRules Defaults = new();

    private static readonly Section Keys = new();
    private static readonly Key<string?> File = Keys.Optional("file", Scalars.Text("a path", (scalar, reading) => reading.FullPath(scalar.Text)), "Where overrides are kept, with the audit log beside it under the same name with .audit; the directory must exist. Without it a restart forgets them. Read at start: a change needs a restart.");
    private static readonly Key<int> MinServing = Keys.Optional("minServing", Scalars.Integer(0, 64), Defaults.MinServing, "Regions that an override must leave able to serve each state class.");
    private static readonly Key<bool> OneAtATime = Keys.Optional("oneAtATime", Scalars.Boolean, Defaults.OneAtATime, "Whether a second region is overridden only with `--yes-really`.");

    /// <summary>The section.</summary>
    public static Shape<(OverrideRules Rules, string? File)> Shape { get; } = Keys.Builds(values => (
        new OverrideRules { MinServing = values.Get(MinServing), OneAtATime = values.Get(OneAtATime) },
        values.Get(File)));
}
