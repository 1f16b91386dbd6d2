using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>
/// Stock and reservations of one shard, and what each command makes of them. Nothing here knows of other shards or of time
/// except by what it is told.
/// </summary>
internal sealed partial record InventoryState(
    Table<StockItem> Stock,
    PackedTable<Reservation> Reservations,
    Table<HeldPart> Parts,
    DeadlineHeap Deadlines,
    ImmutableSortedSet<string> OpenReservations,
    ImmutableSortedSet<string> OverdueParts)
{
    private static readonly ImmutableSortedSet<string> NoKeys = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    public static InventoryState Empty() => new(new(), NoReservations(), new(), new(), NoKeys, NoKeys);

    public static PackedTable<Reservation> NoReservations() => new(SnapshotCodec.Write, SnapshotCodec.ReadReservation);

    /// <summary>Keys of orders whose reservation changed in this entry. Empty between two entries.</summary>
    public ImmutableSortedSet<string> TouchedOrders { get; init; } = NoKeys;

    /// <summary>Keys of reservations that came to another state in this entry. Empty between two entries.</summary>
    public ImmutableSortedSet<string> Changed { get; init; } = NoKeys;

    /// <summary>When the next thing happens by itself.</summary>
    public DateTimeOffset? NextDue => Deadlines.FirstAt;

    /// <param name="key">The idempotency key that the command came with, or null.</param>
    public Step<InventoryState> Handle(InventoryCommand command, string? key, DateTimeOffset at) => command switch
    {
        PutStock put => Put(put, at),
        AdjustStock adjust => Adjust(adjust, at),
        Reserve reserve => Reserve(reserve, key, at),
        DecideReservation decide => Decide(decide, at),
        CommitReservation commit => End(commit.Merchant, commit.Id, commit.Order, ReservationStatus.Committed, at),
        ReleaseReservation release => End(release.Merchant, release.Id, release.Order, ReservationStatus.Released, at),
        ReturnReservation back => Return(back, at),
        HoldPart hold => Hold(hold, at),
        SettlePart settle => Settle(settle, at),
        ReturnPart back => Return(back, at),
        PartSettled settled => Settled(settled, at),
        _ => throw new ArgumentException($"{command.GetType().Name} is not known to the inventory.", nameof(command)),
    };

    public InventoryState Untouched() => TouchedOrders.IsEmpty ? this : this with { TouchedOrders = NoKeys };

    public InventoryState Unchanged() => Changed.IsEmpty ? this : this with { Changed = NoKeys };

    /// <summary>Does what is due at <paramref name="at"/>, in the order in which it was due.</summary>
    public InventoryState Advance(DateTimeOffset at)
    {
        var state = this;
        while (Deadlines.FirstAt <= at)
            state = state.Meet(Deadlines.RemoveFirst(), at);
        return state;
    }

    /// <summary>What became of the row meanwhile decides whether there is still something to do: deadlines are not called off.</summary>
    private InventoryState Meet(Deadline due, DateTimeOffset at)
    {
        switch (due.Kind)
        {
            case DeadlineKind.Expire:
                return Reservations.Find(due.Key) is { Status: ReservationStatus.Held } held ? Close(held, ReservationStatus.Expired, at) : this;
            case DeadlineKind.AskHome:
                return Parts.Find(due.Key) is { Status: PartStatus.Held } ? this with { OverdueParts = OverdueParts.Add(due.Key) } : this;
            case DeadlineKind.ForgetReservation:
                if (Reservations.Find(due.Key) is { Order: null })
                    Reservations.Remove(due.Key);
                return this;
            case DeadlineKind.ForgetPart:
                Parts.Remove(due.Key);
                return this;
            default:
                throw new InvalidOperationException($"{due.Kind} is no deadline.");
        }
    }

    private void Remind(DateTimeOffset at, DeadlineKind kind, string key) => Deadlines.Add(new Deadline(at, kind, key));
}
