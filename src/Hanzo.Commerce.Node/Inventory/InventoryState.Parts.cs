using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

internal sealed partial record InventoryState
{
    private Step<InventoryState> Hold(HoldPart hold, DateTimeOffset at)
    {
        var key = Reservation.KeyOf(hold.Merchant, hold.ReservationId);
        if (Parts.Find(key) is { } existing)
            return new(this, existing.Status == PartStatus.Released ? new Refused("reservation_not_held") : Done.It);
        if (Shortages(hold.Merchant, hold.Lines) is { IsEmpty: false } shortages)
            return new(this, new Refused("insufficient_stock") { Shortages = shortages });

        var part = new HeldPart(hold.ReservationId, hold.Merchant, hold.Lines, PartStatus.Held);
        var held = HoldLines(hold.Merchant, hold.Lines, at) with { Parts = Parts.With(key, part) };
        return new(held.Remind(hold.ExpiresAt + HeldPart.AskAfter, DeadlineKind.AskHome, key), Done.It);
    }

    private Step<InventoryState> Return(ReturnPart back, DateTimeOffset at)
    {
        var key = Reservation.KeyOf(back.Merchant, back.ReservationId);
        // A part that is not known was committed and forgotten: the home commits only what every shard has held.
        var part = Parts.Find(key) ?? new HeldPart(back.ReservationId, back.Merchant, back.Lines, PartStatus.Committed);
        if (part.Status is PartStatus.Returned or PartStatus.Released)
            return new(this, Done.It);

        // One that is still held never heard of the commit: to release it comes to the same.
        var moved = part.Status == PartStatus.Held ? ReleaseLines(part.Merchant, part.Lines, at) : ReturnLines(part.Merchant, part.Lines, at);
        var returned = moved with { Parts = Parts.With(key, part with { Status = PartStatus.Returned }), OverdueParts = OverdueParts.Remove(key) };
        return new(returned.Remind(at + HeldPart.Retention, DeadlineKind.ForgetPart, key), Done.It);
    }

    private Step<InventoryState> Settle(SettlePart settle, DateTimeOffset at)
    {
        var key = Reservation.KeyOf(settle.Merchant, settle.ReservationId);
        var part = Parts.Find(key);
        // The home commits only what every shard has held, so a part to commit that is not here was committed and forgotten.
        if (part is { Status: not PartStatus.Held } || (part is null && settle.Commit))
            return new(this, Done.It);

        // A part that was never held is written down as released: the request to hold it may still be on its way.
        part ??= new HeldPart(settle.ReservationId, settle.Merchant, [], PartStatus.Held);
        var moved = settle.Commit ? CommitLines(part.Merchant, part.Lines, at) : ReleaseLines(part.Merchant, part.Lines, at);
        var settled = moved with
        {
            Parts = Parts.With(key, part with { Status = settle.Commit ? PartStatus.Committed : PartStatus.Released }),
            OverdueParts = OverdueParts.Remove(key),
        };
        return new(settled.Remind(at + HeldPart.Retention, DeadlineKind.ForgetPart, key), Done.It);
    }
}
