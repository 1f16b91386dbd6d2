using System.Diagnostics.Metrics;
using Hanzo.Edge.Health.Passive;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>What is counted of attempts. Only failures are: a request that needs one attempt is counted as a request.</summary>
internal sealed class FailoverMetrics
{
    private readonly Counter<long> failed;
    private readonly Counter<long> repeated;
    private readonly Counter<long> denied;
    private readonly Counter<long> hedged;

    /// <param name="meters">Makes the meter.</param>
    public FailoverMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Hanzo.Edge.Proxying");
        failed = meter.CreateCounter<long>("hanzo_edge_attempts_failed_total", description: "Attempts that brought no answer to the client, by route, region asked and what failed.");
        repeated = meter.CreateCounter<long>("hanzo_edge_attempts_repeated_total", description: "Attempts made after a failed one, by route and the region they went to.");
        denied = meter.CreateCounter<long>("hanzo_edge_retry_budget_denied_total", description: "Requests that were not repeated because too many were already.");
        hedged = meter.CreateCounter<long>("hanzo_edge_hedges_total", description: "Requests sent to a second endpoint while the first was asked, by route and whether the second answered first.");
    }

    /// <summary>An attempt failed.</summary>
    public void Failed(string route, string region, RequestOutcome outcome) =>
        failed.Add(1, new("route", route), new("region", region), new("outcome", outcome.Code()));

    /// <summary>Another attempt is made.</summary>
    public void Repeated(string route, string region) => repeated.Add(1, new("route", route), new("region", region));

    /// <summary>A request was sent to a second endpoint while the first was asked.</summary>
    public void Hedged(string route, bool won) => hedged.Add(1, new("route", route), new("won", won ? "yes" : "no"));

    /// <summary>The budget let a request not repeat.</summary>
    public void Denied(string route) => denied.Add(1, new KeyValuePair<string, object?>("route", route));
}

/// <summary>The words for outcomes, in metrics and receipts.</summary>
internal static class OutcomeCodes
{
    /// <summary>The code of <paramref name="outcome"/>.</summary>
    public static string Code(this RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Answered => "answered",
        RequestOutcome.ConnectFailed => "connect-failed",
        RequestOutcome.Reset => "reset",
        RequestOutcome.TimedOut => "timed-out",
        RequestOutcome.BadStatus => "bad-status",
        RequestOutcome.Overtaken => "overtaken",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
