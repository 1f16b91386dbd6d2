using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Everything one shard knows, and what an entry makes of it: a function of state, entry and the entry's time. It reads no
/// clock, no random source and no order of a hash, so replicas that apply the same entries hold the same state.
/// </summary>
/// <param name="Clock">The latest time an entry carried. It never goes back: a new leader's clock may be behind the last one's.</param>
internal sealed record CommerceState(DateTimeOffset Clock, InventoryState Inventory, PaymentState Payments, Table<Order> Orders, IdempotencyState Keys)
{
    public static CommerceState Empty { get; } = new(DateTimeOffset.UnixEpoch, InventoryState.Empty, PaymentState.Empty, Table<Order>.Empty, IdempotencyState.Empty);

    /// <summary>When the next thing happens by itself, given an entry to happen in.</summary>
    public DateTimeOffset? NextDue => Inventory.NextDue is { } inventory && !(Payments.NextDue < inventory) ? inventory : Payments.NextDue;

    public (CommerceState State, Result Result) Apply(Entry entry, DateTimeOffset at)
    {
        var now = at > Clock ? at : Clock;
        var state = OrderFlow.Follow(this with { Clock = now, Inventory = Inventory.Advance(now), Payments = Payments.Advance(now), Keys = Keys.Advance(now) });
        if (entry.Key is { } used && state.Keys.Recall(used) is { } recalled)
            return (state, new Result(recalled, Repeated: true));

        var (handled, reply, completed) = state.Handle(entry.Command, entry.Key?.Id);
        var after = OrderFlow.Follow(completed is null ? handled : handled with { Keys = handled.Keys.Complete(completed, reply) });
        return (entry.Key is { } key ? after with { Keys = after.Keys.Keep(key, reply, now) } : after, new Result(reply));
    }

    private Step<CommerceState> Handle(Command command, string? key)
    {
        switch (command)
        {
            case Advance:
                return new(this, Done.It);
            case InventoryCommand inventory:
                var stocked = Inventory.Handle(inventory, key, Clock);
                return new(this with { Inventory = stocked.State }, stocked.Reply, stocked.Key);
            case PaymentCommand payment:
                var paid = Payments.Handle(payment, key, Clock);
                return new(this with { Payments = paid.State }, paid.Reply, paid.Key);
            case OrderCommand order:
                return OrderFlow.Handle(this, order, key);
            default:
                throw new ArgumentException($"{command.GetType().Name} is not known to the machine.", nameof(command));
        }
    }
}
