using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>Somebody who moves money. Which one it is, nobody above this sees.</summary>
internal interface IPaymentGateway
{
    string Name { get; }

    /// <summary>Asks for a transaction. Asked again with the same key it does nothing twice.</summary>
    ValueTask<GatewayResult> Perform(GatewayRequest request, CancellationToken cancellation);

    /// <summary>Asks what became of a transaction that may have been asked for before. <see cref="GatewayOutcome.NotDone"/> says that the gateway knows of none.</summary>
    ValueTask<GatewayResult> Find(GatewayRequest request, CancellationToken cancellation);

    /// <summary>What the gateway says by itself from now on, until <paramref name="cancellation"/>. Nothing, where it speaks only when asked.</summary>
    IAsyncEnumerable<GatewayNotice> Notices(CancellationToken cancellation) => AsyncEnumerable.Empty<GatewayNotice>();
}

/// <summary>One transaction as a gateway is asked for it.</summary>
/// <param name="Key">The gateway's idempotency key, the same however often and by whomever it is asked.</param>
/// <param name="Method">The customer's means of payment.</param>
/// <param name="IsLast">Whether a capture leaves nothing to capture.</param>
/// <param name="Reference">The gateway's name for what is captured, voided, refunded or asked about; null for a new authorization.</param>
internal sealed record GatewayRequest(string Key, TransactionKind Kind, Money Amount, string Method, string? Reference, bool IsLast = true)
{
    /// <summary>Whose it is, for gateways that speak by themselves later.</summary>
    public (string Merchant, string Payment, int Number) About { get; init; }

    public static GatewayRequest Of(Payment payment, Transaction transaction) => new(
        payment.GatewayKey(transaction),
        transaction.Kind,
        payment.Amount with { Amount = transaction.Amount },
        payment.Method,
        transaction.Kind == TransactionKind.Authorize ? transaction.Reference : payment.Authorization?.Reference,
        transaction.Kind != TransactionKind.Capture || transaction.Amount == payment.Remaining(TransactionKind.Capture))
    {
        About = (payment.Merchant, payment.Id, transaction.Number),
    };
}
