using Hanzo.Edge.Configuration.Shapes;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>What a configuration promises of its failovers.</summary>
/// <param name="Requests">From the first failed attempt of a request to the next candidate, or null for no promise.</param>
/// <param name="Dns">From the death of a region to the last answer with its address running out, or null for no promise.</param>
internal sealed record FailoverBounds(TimeSpan? Requests, TimeSpan? Dns)
{
    /// <summary>No promise.</summary>
    public static FailoverBounds None { get; } = new(null, null);

    /// <summary>How many repetitions of requests are let through at once.</summary>
    public RetryBudgetOptions RetryBudget { get; init; } = new();
}

/// <summary>`failover`: how long a failover may take.</summary>
internal static class FailoverSection
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly RetryBudgetOptions BudgetDefaults = new();

    private static readonly Section BudgetKeys = new();
    private static readonly Key<double> Share = BudgetKeys.Optional("share", Scalars.Decimal(0, 1, "a share, 0 to 1"), BudgetDefaults.Share, "Share of a route's requests under way that may be repetitions.");
    private static readonly Key<int> PerSecond = BudgetKeys.Optional("perSecond", Scalars.Integer(0, 10_000), BudgetDefaults.PerSecond, "Repetitions per second let through in any case, ten seconds' worth at once.");

    private static readonly Section Keys = new();
    private static readonly Key<TimeSpan?> Requests = Keys.OptionalValue("requests", Scalars.Duration(TimeSpan.FromMilliseconds(10), Longest), "From a request's first attempt to its next candidate, at worst. Without it nothing is promised.");
    private static readonly Key<TimeSpan?> Dns = Keys.OptionalValue("dns", Scalars.Duration(TimeSpan.FromSeconds(1), Longest), "From the death of a region until no resolver may answer with its address, at worst. Without it nothing is promised.");

    private static readonly Key<RetryBudgetOptions> RetryBudget = Keys.Optional("retryBudget", BudgetKeys.Builds(values => new RetryBudgetOptions { Share = values.Get(Share), PerSecond = values.Get(PerSecond) }), BudgetDefaults, "How much repetitions may add to the load. Requests that reached no endpoint go on without leave.");

    /// <summary>The section.</summary>
    public static Shape<FailoverBounds> Shape { get; } = Keys.Builds(values => new FailoverBounds(values.Get(Requests), values.Get(Dns)) { RetryBudget = values.Get(RetryBudget) });
}
