using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Payments;

internal sealed partial record PaymentState
{
    /// <summary>Stands for the gateway where none was asked.</summary>
    private const string NoGateway = "none";

    private Step<PaymentState> Begin(BeginTransaction begin, string? key, DateTimeOffset at)
    {
        if (All.Find(Payment.KeyOf(begin.Merchant, begin.Id)) is not { } payment)
            return NotFound();
        if (payment.Pending is not null)
            return new(this, new Refused("payment_busy"));
        if (!payment.Allowed.Contains(begin.Kind) || payment.Transactions.Length >= Payment.MaxTransactions)
            return new(this, new Refused("payment_state_conflict") { Allowed = [.. payment.Allowed.Select(kind => kind.ToString().ToLowerInvariant())] });
        if (begin.Currency is { } currency && currency != payment.Amount.Currency)
            return new(this, new Refused("currency_mismatch"));
        if (begin.Amount > payment.Remaining(begin.Kind))
            return new(this, new Refused("amount_too_large"));

        if (begin.Kind == TransactionKind.Authorize && payment is { Status: PaymentStatus.RequiresAction, Authorization: { } waiting })
            return Underway(payment, waiting with { Status = TransactionStatus.Pending, Key = key, AskAt = at + CallersTime }, at);

        if (begin.Kind == TransactionKind.Authorize && begin.Gateways.IsEmpty)
            return new(this, new Refused("no_gateway"));

        var transaction = new Transaction(
            payment.Transactions.Length + 1,
            begin.Kind,
            begin.Amount ?? payment.Remaining(begin.Kind),
            payment.Authorization?.Gateway ?? begin.Gateways.FirstOrDefault(NoGateway),
            TransactionStatus.Pending,
            at)
        {
            Key = key,
            Next = begin.Kind == TransactionKind.Authorize && begin.Gateways.Length > 1 ? begin.Gateways[1..] : [],
            AskAt = begin.IsUnattended ? at : at + CallersTime,
        };
        if (begin.Kind == TransactionKind.Void && payment.Authorization is null)
        {
            // No gateway ever took it up, so there is nobody to ask.
            var voided = Add(payment, transaction with { Status = TransactionStatus.Succeeded }, at);
            return new(voided, voided.Tell(payment));
        }
        return new(Add(payment, transaction, at), new Underway(payment.Id));
    }

    private Step<PaymentState> Settle(string merchant, string id, int number, GatewayResult result, DateTimeOffset at)
    {
        if (Find(merchant, id, number) is not ({ } payment, { } transaction))
            return NotFound();
        if (transaction.Status != TransactionStatus.Pending)
            return new(this, new PaymentReply(payment));

        var heard = transaction with { Reference = result.Reference ?? transaction.Reference, Code = result.Code };
        return result.Outcome switch
        {
            GatewayOutcome.Succeeded => Conclude(payment, heard with { Status = TransactionStatus.Succeeded, Code = null, At = at }, at),
            // A customer agrees to an authorization and to nothing else: said of a capture, it says nothing.
            GatewayOutcome.ActionRequired when transaction.Kind == TransactionKind.Authorize => Conclude(payment, heard with { Status = TransactionStatus.ActionRequired, ActionUrl = result.ActionUrl }, at),
            GatewayOutcome.Declined => Decline(payment, heard with { Status = TransactionStatus.Failed }, at),
            // What was ever taken up, or may have been, is not undone by a later call that reaches nobody.
            GatewayOutcome.NotDone when transaction is { Reference: null, Unknowns: 0 } => GiveUp(payment, heard with { Status = TransactionStatus.NotDone }, at),
            _ => Underway(payment, transaction with { Unknowns = transaction.Unknowns + 1, Code = result.Code, AskAt = at + Pause(transaction.Unknowns) }, at),
        };
    }

    /// <summary>Nothing was done: the next gateway is asked, or all is as before and the key is free again.</summary>
    private Step<PaymentState> GiveUp(Payment payment, Transaction transaction, DateTimeOffset at)
    {
        var given = Replace(payment, transaction, at);
        if (transaction.Next.IsEmpty)
            return new(given, new Refused("gateway_unavailable") { FreesKey = true }, transaction.Key);
        var next = new Transaction(transaction.Number + 1, transaction.Kind, transaction.Amount, transaction.Next[0], TransactionStatus.Pending, at)
        {
            Key = transaction.Key,
            Next = transaction.Next[1..],
            AskAt = at + CallersTime,
        };
        return new(given.Add(given.All.Find(Payment.KeyOf(payment.Merchant, payment.Id))!, next, at), new Underway(payment.Id));
    }

    private Step<PaymentState> Conclude(Payment payment, Transaction transaction, DateTimeOffset at)
    {
        var concluded = Replace(payment, transaction, at);
        return new(concluded, concluded.Tell(payment), transaction.Key);
    }

    private Step<PaymentState> Decline(Payment payment, Transaction transaction, DateTimeOffset at) =>
        new(Replace(payment, transaction, at), new Refused("payment_declined") { Reason = transaction.Code }, transaction.Key);

    private Step<PaymentState> Hear(HearGateway hear, DateTimeOffset at)
    {
        if (Find(hear.Merchant, hear.Id, hear.Number) is not ({ } payment, { } transaction))
            return NotFound();
        if (transaction.Status == TransactionStatus.ActionRequired && hear.Result.Outcome is GatewayOutcome.Succeeded or GatewayOutcome.Declined && payment.Pending is null)
            return Replace(payment, transaction with { Status = TransactionStatus.Pending, Key = null }, at).Settle(hear.Merchant, hear.Id, hear.Number, hear.Result, at);
        if (transaction.Status == TransactionStatus.Pending && hear.Result.Outcome is not (GatewayOutcome.NotDone or GatewayOutcome.Unknown))
            return Settle(hear.Merchant, hear.Id, hear.Number, hear.Result, at);
        if (!MayReverse(payment, transaction, hear.Result))
            return new(this, new PaymentReply(payment));
        // Whether the money goes back meanwhile is not decided yet.
        if (payment.Pending is not null)
            return new(this, new Refused("payment_busy"));
        var reversed = Replace(payment, transaction with { Status = TransactionStatus.Reversed, Code = hear.Result.Code }, at);
        return new(reversed, reversed.Tell(payment));
    }

    /// <summary>A capture can turn out to have failed, but not after its money went back: then the two cancel out already.</summary>
    private static bool MayReverse(Payment payment, Transaction transaction, GatewayResult result) =>
        transaction is { Kind: TransactionKind.Capture, Status: TransactionStatus.Succeeded }
        && result.Outcome == GatewayOutcome.Declined
        && payment.Captured - transaction.Amount >= payment.Refunded;

    private Step<PaymentState> Underway(Payment payment, Transaction transaction, DateTimeOffset at) =>
        new(Replace(payment, transaction, at), new Underway(payment.Id));

    private PaymentState Add(Payment payment, Transaction transaction, DateTimeOffset at) =>
        Keep(payment with { Transactions = payment.Transactions.Add(transaction) }, at);

    private (Payment?, Transaction?) Find(string merchant, string id, int number) =>
        All.Find(Payment.KeyOf(merchant, id)) is { } payment && number >= 1 && number <= payment.Transactions.Length
            ? (payment, payment.Transactions[number - 1])
            : (null, null);

    private Step<PaymentState> NotFound() => new(this, new Refused("payment_not_found"));

    /// <summary>1 s, doubled with each time, up to the longest.</summary>
    private static TimeSpan Pause(int unknowns) => unknowns > 8 ? LongestPause : TimeSpan.FromSeconds(1 << unknowns);
}
