using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>No card was charged twice, and none that customers were told was charged was not: the gateway's own books say so.</summary>
internal sealed record ChargesKept() : Promise("charges")
{
    public override Finding Judge(DrillRecord record) => new(
        Name, "cards that were charged twice, or not although customers were told so", "count", false, 0,
        record.Shop is null || record.Shop.Charges.IsEmpty ? null : record.Shop.Charges.Count(charge => charge.IsTwice || charge.IsMissing),
        [.. record.Shop?.Charges.Where(charge => charge.IsTwice || charge.IsMissing).Take(MostEvidence).Select(charge => $"charged {charge.Charges} times: {charge.Sample}") ?? []],
        "GET /v1/payments/{id} tells each transaction with its gateway reference; the same key must reach the gateway every time.");
}
