using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Probing;

namespace Hanzo.Edge.Health;

/// <summary>How health is observed and summed up.</summary>
public sealed record HealthOptions
{
    /// <summary>How endpoints are probed.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>What the outcomes of real requests do.</summary>
    public PassiveOptions Passive { get; init; } = new();

    /// <summary>What operators may not override.</summary>
    public OverrideRules Overrides { get; init; } = new();

    /// <summary>Share of a region's endpoint weight that must be up for the region to be up. 0 to 1; default 0: one endpoint is enough.</summary>
    public double UpShare { get; init; }
}
