using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Payments;

/// <summary>An amount that a customer owes. The amount and the transactions are the facts; everything else follows from them.</summary>
/// <param name="Method">The customer's means of payment as gateways know it; never a card number.</param>
/// <param name="Country">ISO 3166-1 code of the means of payment, for routing, or null.</param>
internal sealed record Payment(string Id, string Merchant, Money Amount, string Method, string? Country, DateTimeOffset CreatedAt)
{
    /// <summary>How long an authorization may be captured. Card networks give most merchants seven days.</summary>
    public static readonly TimeSpan AuthorizationLife = TimeSpan.FromDays(7);

    public const int MaxTransactions = 100;

    public ImmutableArray<Transaction> Transactions { get; init; } = [];

    /// <summary>When the authorization ran out, or null.</summary>
    public DateTimeOffset? ExpiredAt { get; init; }

    /// <summary>The order that it pays, or null.</summary>
    public string? Order { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts the changes; its entity tag.</summary>
    public long Version { get; init; } = 1;

    [JsonIgnore]
    public long Captured => Sum(TransactionKind.Capture);

    [JsonIgnore]
    public long Refunded => Sum(TransactionKind.Refund);

    /// <summary>The transaction that is under way, or null.</summary>
    [JsonIgnore]
    public Transaction? Pending => Transactions.FirstOrDefault(transaction => transaction.Status == TransactionStatus.Pending);

    /// <summary>The transaction that authorized it or still may: the last that a gateway took up.</summary>
    [JsonIgnore]
    public Transaction? Authorization => Transactions.LastOrDefault(transaction => transaction is { Kind: TransactionKind.Authorize, Status: not TransactionStatus.NotDone });

    [JsonIgnore]
    public PaymentStatus Status =>
        Refunded > 0 ? Refunded == Captured ? PaymentStatus.Refunded : PaymentStatus.PartiallyRefunded
        : Captured > 0 ? Captured == Amount.Amount ? PaymentStatus.Captured : PaymentStatus.PartiallyCaptured
        : Has(TransactionKind.Capture, TransactionStatus.Reversed) ? PaymentStatus.Failed
        : Has(TransactionKind.Void, TransactionStatus.Succeeded) ? PaymentStatus.Voided
        : Authorization?.Status switch
        {
            null => PaymentStatus.RequiresPayment,
            TransactionStatus.Pending => PaymentStatus.Processing,
            TransactionStatus.ActionRequired => PaymentStatus.RequiresAction,
            TransactionStatus.Succeeded => ExpiredAt is null ? PaymentStatus.Authorized : PaymentStatus.Expired,
            _ => PaymentStatus.Failed,
        };

    /// <summary>What may be asked for now. Nothing while a transaction is under way.</summary>
    [JsonIgnore]
    public ImmutableArray<TransactionKind> Allowed => Pending is not null ? [] : Status switch
    {
        PaymentStatus.RequiresPayment or PaymentStatus.RequiresAction => [TransactionKind.Authorize, TransactionKind.Void],
        PaymentStatus.Authorized => [TransactionKind.Capture, TransactionKind.Void],
        PaymentStatus.PartiallyCaptured when ExpiredAt is null => [TransactionKind.Capture, TransactionKind.Refund],
        PaymentStatus.PartiallyCaptured or PaymentStatus.Captured or PaymentStatus.PartiallyRefunded => [TransactionKind.Refund],
        _ => [],
    };

    /// <summary>The most that <paramref name="kind"/> may be asked for.</summary>
    public long Remaining(TransactionKind kind) => kind switch
    {
        TransactionKind.Capture => Amount.Amount - Captured,
        TransactionKind.Refund => Captured - Refunded,
        _ => Amount.Amount,
    };

    /// <summary>By what the gateway knows one of its transactions, in whatever way it is asked.</summary>
    public string GatewayKey(Transaction transaction) => $"{Id}-{transaction.Number}";

    public static string KeyOf(string merchant, string id) => $"{merchant}/{id}";

    private bool Has(TransactionKind kind, TransactionStatus status) => Transactions.Any(transaction => transaction.Kind == kind && transaction.Status == status);

    private long Sum(TransactionKind kind) =>
        Transactions.Where(transaction => transaction.Kind == kind && transaction.Status == TransactionStatus.Succeeded).Sum(transaction => transaction.Amount);
}

/// <summary>Where a payment stands, derived from its transactions.</summary>
internal enum PaymentStatus
{
    RequiresPayment,
    RequiresAction,
    Processing,
    Authorized,
    PartiallyCaptured,
    Captured,
    PartiallyRefunded,
    Refunded,
    Voided,
    Expired,
    Failed,
}
