using System.Collections.Immutable;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Payments;

/// <summary>What can be told to the payments of a shard.</summary>
internal abstract record PaymentCommand : Command;

/// <param name="Order">The order that it pays, or null.</param>
internal sealed record CreatePayment(string Id, string Merchant, Money Amount, string Method, string? Country, string? Order = null) : PaymentCommand;

/// <summary>Writes down what a gateway is about to be asked.</summary>
/// <param name="Amount">For captures and refunds; null is all that remains.</param>
/// <param name="Currency">Of the amount, when there is one.</param>
/// <param name="Gateways">Where an authorization goes, in order; the rest follows where it was authorized.</param>
internal sealed record BeginTransaction(string Merchant, string Id, TransactionKind Kind, long? Amount, string? Currency, ImmutableArray<string> Gateways) : PaymentCommand
{
    /// <summary>Whether nobody waits for it, so that the leader need not leave it to anybody first.</summary>
    public bool IsUnattended { get; init; }
}

/// <summary>Writes down what a gateway said of a transaction that is under way.</summary>
internal sealed record SettleTransaction(string Merchant, string Id, int Number, GatewayResult Result) : PaymentCommand;

/// <summary>Writes down what a gateway said by itself: that the customer agreed or refused, or that a capture failed after all.</summary>
internal sealed record HearGateway(string Merchant, string Id, int Number, GatewayResult Result) : PaymentCommand;
