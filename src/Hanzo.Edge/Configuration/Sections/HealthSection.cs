using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Probing;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>`health`: how health is observed and summed up.</summary>
internal static class HealthSection
{
    private static readonly HealthOptions Defaults = new();

    private static readonly Section Keys = new();
    private static readonly Key<ProbeOptions> Probe = Keys.Optional("probe", ProbeSection.Shape, Defaults.Probe, "How every endpoint is asked.");
    private static readonly Key<double> UpShare = Keys.Optional("upShare", Scalars.Decimal(0, 1, "a share, 0 to 1"), Defaults.UpShare, "Share of a region's endpoint weight that must be up for the region to be up; with 0 one endpoint is enough.");

    /// <summary>The section.</summary>
    public static Shape<HealthOptions> Shape { get; } = Keys.Builds(values => new HealthOptions { Probe = values.Get(Probe), UpShare = values.Get(UpShare) });
}
