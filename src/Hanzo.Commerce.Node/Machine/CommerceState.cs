using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Everything one shard knows, and what an entry makes of it: a function of state, entry and the entry's time. It reads no
/// clock, no random source and no order of a hash, so replicas that apply the same entries hold the same state.
/// </summary>
/// <param name="Clock">The latest time an entry carried. It never goes back: a new leader's clock may be behind the last one's.</param>
internal sealed record CommerceState(DateTimeOffset Clock, InventoryState Inventory, IdempotencyState Keys)
{
    public static CommerceState Empty { get; } = new(DateTimeOffset.UnixEpoch, InventoryState.Empty, IdempotencyState.Empty);

    public (CommerceState State, Result Result) Apply(Entry entry, DateTimeOffset at)
    {
        var now = at > Clock ? at : Clock;
        var state = this with { Clock = now, Inventory = Inventory.Advance(now), Keys = Keys.Advance(now) };
        if (entry.Key is { } used && state.Keys.Recall(used) is { } recalled)
            return (state, new Result(recalled, Repeated: true));

        var (after, reply, completed) = state.Handle(entry.Command, entry.Key?.Id);
        var keys = completed is null ? after.Keys : after.Keys.Complete(completed, reply);
        return (after with { Keys = entry.Key is { } key ? keys.Keep(key, reply, now) : keys }, new Result(reply));
    }

    private Step<CommerceState> Handle(Command command, string? key)
    {
        switch (command)
        {
            case Advance:
                return new(this, Done.It);
            case InventoryCommand inventory:
                var (after, reply, completed) = Inventory.Handle(inventory, key, Clock);
                return new(this with { Inventory = after }, reply, completed);
            default:
                throw new ArgumentException($"{command.GetType().Name} is not known to the machine.", nameof(command));
        }
    }
}
