using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Health.Passive;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>`health.latency`: when an endpoint is degraded by its latency.</summary>
internal static class LatencySection
{
    private static readonly LatencyOptions Defaults = new();

    private static readonly Section Keys = new();
    private static readonly Key<double> Factor = Keys.Optional("factor", Scalars.Decimal(0, 100, "0, or a factor of 1.5 to 100"), Defaults.Factor, "How many times its own past p99 and the median p99 of its peers in the region an endpoint must exceed to be degraded; 0 for never.");
    private static readonly Key<TimeSpan> AtLeast = Keys.Optional("atLeast", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromMinutes(1)), Defaults.AtLeast, "How much slower than its past it must be at least.");
    private static readonly Key<TimeSpan> Window = Keys.Optional("window", Scalars.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Defaults.Window, "How long latencies are gathered before they are judged.");
    private static readonly Key<int> MinimumRequests = Keys.Optional("minimumRequests", Scalars.Integer(10, 1_000_000), Defaults.MinimumRequests, "Answers that a window must hold to be judged.");
    private static readonly Key<double> Share = Keys.Optional("share", Scalars.Decimal(0.01, 1, "a share, 0.01 to 1"), Defaults.Share, "The part of its weight that a degraded endpoint keeps.");

    /// <summary>The section.</summary>
    public static Shape<LatencyOptions> Shape { get; } = Keys.Builds(values =>
    {
        if (values.Get(Factor) is > 0 and < 1.5)
            values.Error(Factor, "a factor below 1.5 would mark what is only noise", "1.5 to 100, or 0 for never");
        return new LatencyOptions
        {
            Factor = values.Get(Factor),
            AtLeast = values.Get(AtLeast),
            Window = values.Get(Window),
            MinimumRequests = values.Get(MinimumRequests),
            Share = values.Get(Share),
        };
    });
}
