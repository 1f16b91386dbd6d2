using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>Asks for a reservation as it is, also when clients may not know of it yet.</summary>
internal sealed record FindReservation(string Merchant, string Id) : Question
{
    public override Reply Answer(CommerceState state) =>
        state.Inventory.Reservations.Find(Reservation.KeyOf(Merchant, Id)) is { } reservation ? new ReservationReply(reservation) : new Refused("reservation_not_found");
}

internal sealed record ListReservations(string Merchant, string? After, int Limit) : ListQuestion(Merchant, After, Limit)
{
    public override Reply Answer(CommerceState state)
    {
        var seen = ImmutableArray.CreateBuilder<Reservation>();
        var after = AfterKey;
        while (seen.Count < Limit && state.Inventory.Reservations.Page(Prefix, after, Limit) is { IsEmpty: false } page)
        {
            seen.AddRange(page.Where(reservation => reservation.IsPublic).Take(Limit - seen.Count));
            after = Reservation.KeyOf(Merchant, page[^1].Id);
        }
        return new ReservationPage(seen.ToImmutable());
    }
}
