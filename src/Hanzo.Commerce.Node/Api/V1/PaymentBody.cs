using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Payments;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>A payment as v1 tells it.</summary>
internal sealed record PaymentBody(
    string Id,
    string Status,
    Money Amount,
    Money Captured,
    Money Refunded,
    string PaymentMethod,
    IEnumerable<string> Allowed,
    IEnumerable<TransactionBody> Transactions,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Country { get; init; }

    /// <summary>The order that it pays.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Order { get; init; }

    /// <summary>Where the customer goes to agree.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ActionUrl { get; init; }

    public static PaymentBody Of(Payment payment) => new(
        payment.Id,
        SnakeCase.Of(payment.Status),
        payment.Amount,
        payment.Amount with { Amount = payment.Captured },
        payment.Amount with { Amount = payment.Refunded },
        payment.Method,
        payment.Allowed.Select(SnakeCase.Of),
        payment.Transactions.Select(transaction => TransactionBody.Of(payment, transaction)),
        payment.CreatedAt,
        payment.UpdatedAt)
    {
        Country = payment.Country,
        Order = payment.Order,
        ActionUrl = payment.Status == PaymentStatus.RequiresAction ? payment.Authorization!.ActionUrl : null,
    };
}

/// <summary>What was asked of a gateway, as v1 tells it.</summary>
internal sealed record TransactionBody(int Number, string Kind, string Status, Money Amount, string Gateway, DateTimeOffset At)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reference { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    public static TransactionBody Of(Payment payment, Transaction transaction) => new(
        transaction.Number,
        SnakeCase.Of(transaction.Kind),
        SnakeCase.Of(transaction.Status),
        payment.Amount with { Amount = transaction.Amount },
        transaction.Gateway,
        transaction.At)
    {
        Reference = transaction.Reference,
        Reason = transaction.Code,
    };
}
