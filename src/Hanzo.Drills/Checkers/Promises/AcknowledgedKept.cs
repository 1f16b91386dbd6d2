using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>Every order, reservation and payment that customers were told of is there, and as they were told; so is the cart that an order was made of.</summary>
internal sealed record AcknowledgedKept() : Promise("acknowledged")
{
    public override Finding Judge(DrillRecord record) => new(
        Name, "orders, with their carts, reservations and payments that were acknowledged and are not so", "count", false, 0,
        record.Shop is not { Acknowledged: > 0 } shop ? null : shop.Lost.Length,
        [.. record.Shop?.Lost.Take(MostEvidence) ?? []],
        "An acknowledgement follows a majority's disks: is a node's --data on a disk that keeps what it was told to?");
}
