using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments;

namespace Hanzo.Commerce.Node.Orders;

/// <summary>
/// Carries what an order needs from elsewhere: parts of its reservation to their shards, and its payment to the gateway.
/// Both are open in the log, so whoever placed the order can be gone: the leader goes on with each of them by itself.
/// </summary>
internal sealed class OrderSaga(CommerceShards shards, ReservationSaga reservations, PaymentSaga payments)
{
    public async ValueTask<Submitted> Place(int home, PlaceOrder place, KeyUse key, CancellationToken cancellation)
    {
        var placed = await shards.Do(home, place, cancellation, key);
        return placed is { Reply: Underway, Result.Repeated: false } ? await Carry(placed, place.Merchant, place.Id, key, cancellation) : placed;
    }

    public async ValueTask<Submitted> Cancel(CancelOrder cancel, KeyUse key, CancellationToken cancellation)
    {
        var canceled = await shards.Do(shards.OfId(cancel.Id), cancel, cancellation, key);
        return canceled is { Reply: Underway, Result.Repeated: false } ? await Carry(canceled, cancel.Merchant, cancel.Id, key, cancellation) : canceled;
    }

    private async ValueTask<Submitted> Carry(Submitted begun, string merchant, string id, KeyUse key, CancellationToken cancellation)
    {
        if (await Find(merchant, id, cancellation) is not { } order)
            return begun;
        if (order.Status == OrderStatus.Reserving && await reservations.Find(merchant, order.ReservationId, cancellation) is ReservationReply opened)
            await reservations.Hold(opened.Reservation, cancellation);
        if (await payments.Find(merchant, order.PaymentId, cancellation) is { Pending: not null } payment)
            await payments.Carry(payment, cancellation);
        if (await reservations.Find(merchant, order.ReservationId, cancellation) is ReservationReply { Reservation: { Unsettled.IsEmpty: false } decided })
            await reservations.Settle(decided, cancellation);
        return await Told(begun, merchant, id, key, cancellation);
    }

    /// <summary>What the key is answered with, so that the first answer is what every repetition gets.</summary>
    private async ValueTask<Submitted> Told(Submitted begun, string merchant, string id, KeyUse key, CancellationToken cancellation)
    {
        if ((await shards.Ask(shards.OfId(id), new FindKey(key.Id), Consistency.Linearizable, cancellation)).Reply is not KeyReply known)
            return begun;
        if (known.Fingerprint is not null)
            return new Submitted(new Result(known.Answer ?? begun.Reply!));
        return new Submitted(new Result(OrderFlow.NobodyReached));
    }

    private async ValueTask<Order?> Find(string merchant, string id, CancellationToken cancellation) =>
        (await shards.Ask(shards.OfId(id), new FindOrder(merchant, id), Consistency.Linearizable, cancellation)).Reply is OrderReply found ? found.Order : null;
}
