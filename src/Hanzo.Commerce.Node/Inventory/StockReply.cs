using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

/// <param name="Created">Whether the command made it.</param>
internal sealed record StockReply(StockItem Item, bool Created = false) : Reply;

internal sealed record StockPage(ImmutableArray<StockItem> Items) : Reply;

internal sealed record ReservationReply(Reservation Reservation) : Reply;

internal sealed record ReservationPage(ImmutableArray<Reservation> Reservations) : Reply;
