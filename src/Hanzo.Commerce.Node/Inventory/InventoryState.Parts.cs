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

        HoldLines(hold.Merchant, hold.Lines, at);
        Parts.Set(key, new HeldPart(hold.ReservationId, hold.Merchant, hold.Lines, PartStatus.Held));
        Remind(hold.ExpiresAt + HeldPart.AskAfter, DeadlineKind.AskHome, key);
        return new(this, Done.It);
    }

    private Step<InventoryState> Return(ReturnPart back, DateTimeOffset at)
    {
        var key = Reservation.KeyOf(back.Merchant, back.ReservationId);
        // A part that is not known was committed and forgotten: the home commits only what every shard has held.
        var part = Parts.Find(key) ?? new HeldPart(back.ReservationId, back.Merchant, back.Lines, PartStatus.Committed);
        if (part.Status is PartStatus.Returned or PartStatus.Released)
            return new(this, Done.It);

        // One that is still held never heard of the commit: to release it comes to the same.
        if (part.Status == PartStatus.Held)
            ReleaseLines(part.Merchant, part.Lines, at);
        else
            ReturnLines(part.Merchant, part.Lines, at);
        return new(EndPart(key, part with { Status = PartStatus.Returned }, at), Done.It);
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
        if (settle.Commit)
            CommitLines(part.Merchant, part.Lines, at);
        else
            ReleaseLines(part.Merchant, part.Lines, at);
        return new(EndPart(key, part with { Status = settle.Commit ? PartStatus.Committed : PartStatus.Released }, at), Done.It);
    }

    private InventoryState EndPart(string key, HeldPart ended, DateTimeOffset at)
    {
        Parts.Set(key, ended);
        Remind(at + HeldPart.Retention, DeadlineKind.ForgetPart, key);
        return this with { OverdueParts = OverdueParts.Remove(key) };
    }
}
