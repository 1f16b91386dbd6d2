using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>
/// Stock and reservations of one shard, and what each command makes of them. Nothing here knows of other shards or of time
/// except by what it is told.
/// </summary>
internal sealed partial record InventoryState(
    Table<StockItem> Stock,
    Table<Reservation> Reservations,
    Table<HeldPart> Parts,
    ImmutableSortedSet<Deadline> Deadlines,
    ImmutableSortedSet<string> OpenReservations,
    ImmutableSortedSet<string> OverdueParts)
{
    private static readonly ImmutableSortedSet<string> NoKeys = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    public static InventoryState Empty { get; } = new(
        Table<StockItem>.Empty,
        Table<Reservation>.Empty,
        Table<HeldPart>.Empty,
        [],
        NoKeys,
        NoKeys);

    /// <summary>Keys of orders whose reservation changed in this entry. Empty between two entries.</summary>
    public ImmutableSortedSet<string> TouchedOrders { get; init; } = NoKeys;

    /// <summary>Keys of reservations that came to another state in this entry. Empty between two entries.</summary>
    public ImmutableSortedSet<string> Changed { get; init; } = NoKeys;

    /// <summary>When the next thing happens by itself.</summary>
    public DateTimeOffset? NextDue => Deadlines.IsEmpty ? null : Deadlines.Min.At;

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

    public InventoryState Untouched() => this with { TouchedOrders = NoKeys };

    public InventoryState Unchanged() => this with { Changed = NoKeys };

    /// <summary>Does what is due at <paramref name="at"/>, in the order in which it was due.</summary>
    public InventoryState Advance(DateTimeOffset at)
    {
        var state = this;
        while (!state.Deadlines.IsEmpty && state.Deadlines.Min is var due && due.At <= at)
            state = (state with { Deadlines = state.Deadlines.Remove(due) }).Meet(due, at);
        return state;
    }

    private InventoryState Meet(Deadline due, DateTimeOffset at) => due.Kind switch
    {
        DeadlineKind.Expire => Reservations.Find(due.Key) is { Status: ReservationStatus.Held } held ? Close(held, ReservationStatus.Expired, at) : this,
        DeadlineKind.AskHome => Parts.Find(due.Key) is { Status: PartStatus.Held } ? this with { OverdueParts = OverdueParts.Add(due.Key) } : this,
        DeadlineKind.ForgetReservation => Reservations.Find(due.Key) is { Order: null } ? this with { Reservations = Reservations.Without(due.Key) } : this,
        DeadlineKind.ForgetPart => this with { Parts = Parts.Without(due.Key) },
        _ => throw new InvalidOperationException($"{due.Kind} is no deadline."),
    };

    private InventoryState Remind(DateTimeOffset at, DeadlineKind kind, string key) => this with { Deadlines = Deadlines.Add(new Deadline(at, kind, key)) };
}
