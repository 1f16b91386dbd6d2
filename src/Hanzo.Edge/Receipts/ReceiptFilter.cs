using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Receipts;

/// <summary>Which receipts are asked for. What is null is not asked about.</summary>
internal sealed record ReceiptFilter
{
    /// <summary>Receipts answered at most. 1 to 1000; default 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The client's address.</summary>
    public ClientKey? Client { get; init; }

    /// <summary>The region chosen or asked in some attempt, by name.</summary>
    public string? Region { get; init; }

    /// <summary>The route's id.</summary>
    public string? Route { get; init; }

    /// <summary>The status answered.</summary>
    public int? Status { get; init; }

    /// <summary>The RFC 9209 error type.</summary>
    public string? Error { get; init; }

    /// <summary>Only requests of more than one attempt, or only those of one.</summary>
    public bool? FailedOver { get; init; }

    /// <summary>Only requests that ended at this time or before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only requests that ended at this time or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether <paramref name="receipt"/> is asked for.</summary>
    public bool Takes(in DecisionReceipt receipt) =>
        (Client is not { } client || receipt.Client == client)
        && (Route is null || receipt.Route == Route)
        && (Status is not { } status || receipt.Status == status)
        && (Error is null || receipt.Error == Error)
        && (FailedOver is not { } failedOver || receipt.Failed is not null == failedOver)
        && (Until is not { } until || receipt.EndedTicks <= until.UtcTicks)
        && (Since is not { } since || receipt.EndedTicks >= since.UtcTicks)
        && (Region is null || IsOf(receipt, receipt.Topology.IndexOf(Region)));

    private static bool IsOf(in DecisionReceipt receipt, int region) =>
        region >= 0 && (receipt.Region == region || (receipt.Failed is { } failed && failed.Any(attempt => attempt.Region == region)));
}
