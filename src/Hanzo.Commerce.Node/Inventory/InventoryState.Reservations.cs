using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

internal sealed partial record InventoryState
{
    private Step<InventoryState> Reserve(Reserve reserve, string? key, DateTimeOffset at)
    {
        var place = Reservation.KeyOf(reserve.Merchant, reserve.Id);
        if (Reservations.Find(place) is { } existing)
            return new(this, Tell(existing));
        if (Shortages(reserve.Merchant, reserve.Here) is { IsEmpty: false } shortages)
            return new(this, new Refused("insufficient_stock") { Shortages = shortages });

        var reservation = new Reservation(
            reserve.Id,
            reserve.Merchant,
            reserve.Here,
            reserve.Elsewhere,
            reserve.Elsewhere.IsEmpty ? ReservationStatus.Held : ReservationStatus.Holding,
            CreatedAt: at,
            ExpiresAt: at + reserve.Hold,
            UpdatedAt: at)
        {
            Key = key,
            Order = reserve.Order,
        };
        HoldLines(reserve.Merchant, reserve.Here, at);
        // The table and the deadline share one string: there are millions of them.
        if (reservation.Status == ReservationStatus.Held)
            Remind(reservation.ExpiresAt, DeadlineKind.Expire, place);
        return new(Keep(reservation, place), Tell(reservation));
    }

    private Step<InventoryState> Decide(DecideReservation decide, DateTimeOffset at)
    {
        if (Reservations.Find(Reservation.KeyOf(decide.Merchant, decide.Id)) is not { } reservation)
            return NotFound();
        if (reservation.Status != ReservationStatus.Holding)
            return new(this, Tell(reservation), reservation.Key);

        var refusal = decide.Refusal ?? (at < reservation.ExpiresAt ? null : new Refused("reservation_expired"));
        var decided = refusal is null
            ? reservation with { Status = ReservationStatus.Held, UpdatedAt = at }
            : reservation with { Refusal = refusal };
        if (refusal is null)
            ExpireInTime(decided);
        var state = refusal is null ? Keep(decided) : Close(decided, ReservationStatus.Refused, at);
        return new(state, Tell(state.Reservations.Find(Reservation.KeyOf(decide.Merchant, decide.Id))!), reservation.Key);
    }

    private Step<InventoryState> End(string merchant, string id, string? order, ReservationStatus end, DateTimeOffset at)
    {
        if (Reservations.Find(Reservation.KeyOf(merchant, id)) is not { IsPublic: true } reservation)
            return NotFound();
        if (reservation.Order != order)
            return new(this, new Refused("reservation_of_order"));
        if (reservation.Status == end)
            return new(this, new ReservationReply(reservation));
        if (reservation.Status != ReservationStatus.Held)
            return new(this, new Refused("reservation_not_held"));

        var state = Close(reservation, end, at);
        return new(state, new ReservationReply(state.Reservations.Find(Reservation.KeyOf(merchant, id))!));
    }

    private Step<InventoryState> Return(ReturnReservation back, DateTimeOffset at)
    {
        if (Reservations.Find(Reservation.KeyOf(back.Merchant, back.Id)) is not { Status: ReservationStatus.Committed, ReturnedAt: null } reservation || reservation.Order != back.Order)
            return new(this, Done.It);
        var returned = reservation with { ReturnedAt = at, UpdatedAt = at, Unsettled = [.. reservation.Elsewhere.Select(part => part.Shard)] };
        ReturnLines(reservation.Merchant, reservation.Here, at);
        return new(Keep(returned), Done.It);
    }

    /// <summary>Ends a reservation: what the home stocks follows at once, other shards are told.</summary>
    private InventoryState Close(Reservation reservation, ReservationStatus end, DateTimeOffset at)
    {
        if (end == ReservationStatus.Committed)
            CommitLines(reservation.Merchant, reservation.Here, at);
        else
            ReleaseLines(reservation.Merchant, reservation.Here, at);
        var closed = reservation with { Status = end, UpdatedAt = at, Unsettled = [.. reservation.Elsewhere.Select(part => part.Shard)] };
        ForgetInTime(closed, at);
        return Keep(closed);
    }

    private Step<InventoryState> Settled(PartSettled settled, DateTimeOffset at)
    {
        if (Reservations.Find(Reservation.KeyOf(settled.Merchant, settled.Id)) is not { } reservation
            || !reservation.Unsettled.Contains(settled.Shard)
            || settled.IsReturn == reservation.ReturnedAt is null)
            return new(this, Done.It);
        var heard = reservation with { Unsettled = reservation.Unsettled.Remove(settled.Shard) };
        ForgetInTime(heard, at);
        return new(Keep(heard), Done.It);
    }

    private InventoryState Keep(Reservation reservation) => Keep(reservation, Reservation.KeyOf(reservation.Merchant, reservation.Id));

    private InventoryState Keep(Reservation reservation, string key)
    {
        var before = Reservations.Find(key);
        Reservations.Set(key, reservation);
        return this with
        {
            Changed = reservation.IsPublic && (before?.Status != reservation.Status || before.ReturnedAt != reservation.ReturnedAt) ? Changed.Add(key) : Changed,
            OpenReservations = reservation.IsOpen ? OpenReservations.Add(key) : OpenReservations.Remove(key),
            TouchedOrders = reservation.Order is { } order ? TouchedOrders.Add($"{reservation.Merchant}/{order}") : TouchedOrders,
        };
    }

    private void ExpireInTime(Reservation held) => Remind(held.ExpiresAt, DeadlineKind.Expire, Reservation.KeyOf(held.Merchant, held.Id));

    /// <summary>One that a shard has not heard of stays: that shard may ask.</summary>
    private void ForgetInTime(Reservation over, DateTimeOffset at)
    {
        if (!over.IsOpen)
            Remind(at + Reservation.Retention, DeadlineKind.ForgetReservation, Reservation.KeyOf(over.Merchant, over.Id));
    }

    private Step<InventoryState> NotFound() => new(this, new Refused("reservation_not_found"));

    private static Reply Tell(Reservation reservation) => reservation.Status switch
    {
        ReservationStatus.Holding => new Underway(reservation.Id),
        ReservationStatus.Refused => reservation.Refusal!,
        _ => new ReservationReply(reservation),
    };
}
