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

    /// <summary>How long an endpoint that was seen failing takes to get its full share back, in tenths. 0 to 1 h; default 10 s; 0 for at once. Never at boot.</summary>
    public TimeSpan SlowStart { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a region that was down must be up before it is taken back, as long as another region is up. 0 to 24 h; default 0. Never at boot.</summary>
    public TimeSpan Failback { get; init; }

    /// <summary>When an endpoint counts as degraded by its latency.</summary>
    public LatencyOptions Latency { get; init; } = new();

    /// <summary>What measured failovers are held against.</summary>
    public FailoverLimits Failover { get; init; } = new(null, null);
}

/// <summary>The longest that parts of a failover may take by the configuration's promise.</summary>
/// <param name="LastRequest">From the first failure seen to the last request sent there, or null for no promise.</param>
/// <param name="Publication">From the first failure seen to the snapshot without the endpoint, or null for no promise.</param>
public sealed record FailoverLimits(TimeSpan? LastRequest, TimeSpan? Publication);
