using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Probing;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>`health` as it was read.</summary>
/// <param name="Options">How health is observed and summed up.</param>
/// <param name="OverrideFile">Where overrides are kept, or null.</param>
internal sealed record HealthFile(HealthOptions Options, string? OverrideFile);

/// <summary>`health`: how health is observed and summed up.</summary>
internal static class HealthSection
{
    private static readonly HealthOptions Defaults = new();

    private static readonly Section Keys = new();
    private static readonly Key<ProbeOptions> Probe = Keys.Optional("probe", ProbeSection.Shape, Defaults.Probe, "How every endpoint is asked.");
    private static readonly Key<PassiveOptions> Passive = Keys.Optional("passive", PassiveSection.Shape, Defaults.Passive, "When the outcomes of real requests take an endpoint out, and for how long.");
    private static readonly Key<LatencyOptions> Latency = Keys.Optional("latency", LatencySection.Shape, Defaults.Latency, "When an endpoint that answers is degraded all the same, so that it gets less.");
    private static readonly Key<TimeSpan> SlowStart = Keys.Optional("slowStart", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), Defaults.SlowStart, "How long an endpoint that was seen failing takes to get its full share back; 0s for at once. Never at boot.");
    private static readonly Key<TimeSpan> Failback = Keys.Optional("failback", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromHours(24)), Defaults.Failback, "How long a region that was down must be up before it is taken back, as long as another one is up. Never at boot.");
    private static readonly Key<double> UpShare = Keys.Optional("upShare", Scalars.Decimal(0, 1, "a share, 0 to 1"), Defaults.UpShare, "Share of a region's endpoint weight that must be up for the region to be up; with 0 one endpoint is enough.");
    private static readonly Key<(OverrideRules Rules, string? File)> Overrides = Keys.Optional("overrides", OverrideSection.Shape, (Defaults.Overrides, null), "What operators may force by `hanzo-edge region`, and where it is kept.");

    /// <summary>Without the section.</summary>
    public static HealthFile Default { get; } = new(Defaults, null);

    /// <summary>The section.</summary>
    public static Shape<HealthFile> Shape { get; } = Keys.Builds(values => new HealthFile(
        new HealthOptions
        {
            Probe = values.Get(Probe),
            Passive = values.Get(Passive),
            Latency = values.Get(Latency),
            SlowStart = values.Get(SlowStart),
            Failback = values.Get(Failback),
            UpShare = values.Get(UpShare),
            Overrides = values.Get(Overrides).Rules,
        },
        values.Get(Overrides).File));
}
