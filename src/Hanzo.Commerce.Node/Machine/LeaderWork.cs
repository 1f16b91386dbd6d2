using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// What the leader of a shard does by itself: lets time pass in it, and goes on with what its callers left unfinished.
/// Everything it does may also be done by somebody else at the same time; the machine takes each step once.
/// </summary>
internal sealed class LeaderWork(CommerceShards shards, ReservationSaga reservations, PaymentSaga payments, WebhookSaga webhooks, TimeProvider time, ILogger<LeaderWork> log)
    : LeaderRounds(shards, time, log)
{
    /// <summary>How long whoever began a reservation has it to himself.</summary>
    private static readonly TimeSpan CallersTime = TimeSpan.FromSeconds(2);

    /// <summary>Open things of each kind looked at in one round; the rest comes with the next.</summary>
    private const int Round = 100;

    protected override async Task Do(int shard, CancellationToken cancellation)
    {
        if ((await Shards.Ask(shard, new FindWork(Round), Consistency.Local, cancellation)).Reply is not Work work)
            return;
        var now = Time.GetUtcNow();
        if (work.NextDue <= now)
            await Shards.Do(shard, new Advance(), cancellation);
        foreach (var reservation in work.Reservations.Where(open => open.Status != ReservationStatus.Holding || open.UpdatedAt + CallersTime <= now))
            await reservations.Continue(reservation, cancellation);
        foreach (var part in work.Parts)
            await reservations.Resolve(shard, part, cancellation);
        foreach (var webhook in work.Webhooks)
            await webhooks.Settle(webhook, cancellation);
        foreach (var payment in work.Payments.Where(open => open.Pending!.AskAt <= now))
            await payments.Resolve(payment, cancellation);
    }
}
