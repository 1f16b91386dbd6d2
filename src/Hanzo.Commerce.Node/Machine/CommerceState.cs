using System.Collections.Immutable;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Everything one shard knows, and what an entry makes of it: a function of state, entry and the entry's time. It reads no
/// clock, no random source and no order of a hash, so replicas that apply the same entries hold the same state.
///
/// Rows never change, the tables that hold them do: whoever applies an entry goes on with the state it returns, and only he
/// may touch the tables meanwhile.
/// </summary>
/// <param name="Clock">The latest time an entry carried. It never goes back: a new leader's clock may be behind the last one's.</param>
internal sealed record CommerceState(DateTimeOffset Clock, InventoryState Inventory, PaymentState Payments, Table<Order> Orders, WebhookState Webhooks, IdempotencyState Keys)
{
    private static readonly ImmutableSortedSet<string> NoKeys = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    public static CommerceState Empty() => new(DateTimeOffset.UnixEpoch, InventoryState.Empty(), PaymentState.Empty(), new(), WebhookState.Empty(), new());

    /// <summary>Keys of orders that came to another state in this entry. Empty between two entries.</summary>
    public ImmutableSortedSet<string> ChangedOrders { get; init; } = NoKeys;

    /// <summary>The last order that was made of each cart, by merchant and cart.</summary>
    public Dictionary<string, string> OrdersOfCarts { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The order of a cart that did not come to nothing, or null.</summary>
    public Order? LiveOrderOf(string merchant, string cart) =>
        OrdersOfCarts.TryGetValue(Order.KeyOf(merchant, cart), out var id) && Orders.Find(Order.KeyOf(merchant, id)) is { IsOver: false } order ? order : null;

    /// <summary>When the next thing happens by itself, given an entry to happen in.</summary>
    public DateTimeOffset? NextDue => Inventory.NextDue is { } inventory && !(Payments.NextDue < inventory) ? inventory : Payments.NextDue;

    public (CommerceState State, Result Result) Apply(Entry entry, DateTimeOffset at)
    {
        var now = at > Clock ? at : Clock;
        Keys.Advance(now);
        var state = OrderFlow.Follow(this with { Clock = now, Inventory = Inventory.Advance(now), Payments = Payments.Advance(now) });
        if (entry.Key is { } used && state.Keys.Recall(used) is { } recalled)
            return (state.Publish(), new Result(recalled, Repeated: true));

        var (handled, reply, completed) = state.Handle(entry.Command, entry.Key?.Id);
        if (completed is not null)
            Keys.Complete(completed, reply);
        var after = OrderFlow.Follow(handled);
        if (entry.Key is { } key)
            Keys.Keep(key, reply, now);
        return (after.Publish(), new Result(reply));
    }

    /// <summary>Writes down for those who want to hear of it what this entry changed.</summary>
    private CommerceState Publish()
    {
        var webhooks = Webhooks.Endpoints.Count == 0 ? Webhooks : PublishChanges();
        return this with { Webhooks = webhooks, Inventory = Inventory.Unchanged(), Payments = Payments.Unchanged(), ChangedOrders = NoKeys };
    }

    private WebhookState PublishChanges()
    {
        var webhooks = Webhooks;
        foreach (var key in Inventory.Changed)
            webhooks = webhooks.Publish(new ReservationReply(Inventory.Reservations.Find(key)!), Clock);
        foreach (var key in Payments.Changed)
            webhooks = webhooks.Publish(new PaymentReply(Payments.All.Find(key)!), Clock);
        foreach (var order in ChangedOrders.Select(Orders.Find).OfType<Order>())
            webhooks = webhooks.Publish(new OrderReply(order), Clock);
        return webhooks;
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
            case WebhookCommand webhook:
                var heard = Webhooks.Handle(webhook, Clock);
                return new(this with { Webhooks = heard.State }, heard.Reply);
            case OrderCommand order:
                return OrderFlow.Handle(this, order, key);
            default:
                throw new ArgumentException($"{command.GetType().Name} is not known to the machine.", nameof(command));
        }
    }
}
