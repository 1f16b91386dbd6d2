using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Payments;

/// <summary>
/// Carries what the log says is to be asked to a gateway, and what the gateway says back to the log. Whoever began asks
/// first; when he is gone or heard nothing, the leader asks what became of it, and never asks another gateway.
/// </summary>
internal sealed class PaymentSaga(CommerceShards shards, GatewayRouting routing, TimeProvider time, ILogger<PaymentSaga> log)
{
    /// <summary>How long gateways keep an idempotency key, with an hour to spare. What is older is not asked for again.</summary>
    private static readonly TimeSpan GatewayMemory = TimeSpan.FromHours(23);

    /// <summary>Begins a transaction and carries it as far as the gateway answers.</summary>
    public async ValueTask<Submitted> Do(BeginTransaction begin, KeyUse? key, CancellationToken cancellation)
    {
        var shard = shards.OfId(begin.Id);
        var begun = await shards.Do(shard, begin, cancellation, key);
        if (begun is { Reply: Underway, Result.Repeated: false } && await Find(begin.Merchant, begin.Id, cancellation) is { } payment)
            return await Carry(payment, cancellation);
        return begun;
    }

    /// <summary>Goes on with a transaction that its caller left: asks, and repeats under the same key what the gateway does not know.</summary>
    public async ValueTask Resolve(Payment payment, CancellationToken cancellation)
    {
        if (payment.Pending is not { } pending)
            return;
        if (pending.At + GatewayMemory <= time.GetUtcNow())
        {
            log.TooOldToAsk(payment.Id, pending.Number, pending.Gateway);
            return;
        }
        var request = GatewayRequest.Of(payment, pending);
        var gateway = routing.Find(pending.Gateway);
        var result = gateway is null ? GatewayResult.Unknown("gateway not configured") : await gateway.Find(request, cancellation);
        if (result.Outcome == GatewayOutcome.NotDone)
            result = await gateway!.Perform(request, cancellation);
        // The call of whoever began may still be on its way, so this one reaching nobody proves nothing.
        if (result.Outcome == GatewayOutcome.NotDone)
            result = GatewayResult.Unknown(result.Code!);
        log.Resolved(payment.Id, pending.Number, pending.Gateway, result.Outcome);
        await Settle(payment, pending, result, cancellation);
    }

    public async ValueTask<Payment?> Find(string merchant, string id, CancellationToken cancellation) =>
        (await shards.Ask(shards.OfId(id), new FindPayment(merchant, id), Consistency.Linearizable, cancellation)).Reply is PaymentReply found ? found.Payment : null;

    /// <summary>Asks the gateway for what is under way, and further gateways while none did anything.</summary>
    public async ValueTask<Submitted> Carry(Payment payment, CancellationToken cancellation)
    {
        var settled = default(Submitted);
        // One pass a gateway: each can only have been added because the one before certainly did nothing.
        while (payment.Pending is { } pending && routing.Find(pending.Gateway) is { } gateway)
        {
            var request = GatewayRequest.Of(payment, pending);
            var result = pending.Reference is null ? await gateway.Perform(request, cancellation) : await gateway.Find(request, cancellation);
            if (result.Outcome == GatewayOutcome.Unknown)
            {
                // Written down first: from here on no other gateway may be asked.
                await Settle(payment, pending, result, cancellation);
                result = await gateway.Find(request, cancellation);
            }
            settled = await Settle(payment, pending, result, cancellation);
            if (settled.Reply is not Underway || await Find(payment.Merchant, payment.Id, cancellation) is not { } after || after.Pending?.Number == pending.Number)
                return settled;
            payment = after;
        }
        return settled.Result is null ? settled with { RetryAfter = TimeSpan.FromSeconds(1), MayBeApplied = true } : settled;
    }

    private ValueTask<Submitted> Settle(Payment payment, Transaction transaction, GatewayResult result, CancellationToken cancellation) =>
        shards.Do(shards.OfId(payment.Id), new SettleTransaction(payment.Merchant, payment.Id, transaction.Number, result), cancellation);
}
