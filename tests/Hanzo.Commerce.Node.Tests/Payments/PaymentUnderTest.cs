using System.Collections.Immutable;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Tests.Machine;

namespace Hanzo.Commerce.Node.Tests.Payments;

/// <summary>One payment of 100.00 euro in a shard of its own.</summary>
internal sealed class PaymentUnderTest
{
    private const string Id = "pay_1";
    private static readonly ImmutableArray<string> Gateways = ["first", "second"];

    public PaymentUnderTest() => Shard.Do(new CreatePayment(Id, ShardUnderTest.Merchant, new Money(10_000, "EUR"), "card_approve", "DE"));

    public ShardUnderTest Shard { get; } = new();

    public Payment Payment => Assert.IsType<PaymentReply>(Shard.Ask(new FindPayment(ShardUnderTest.Merchant, Id))).Payment;

    public PaymentStatus Status => Payment.Status;

    public Result Begin(TransactionKind kind, long? amount = null, string? key = null) =>
        Shard.Apply(new Entry(new BeginTransaction(ShardUnderTest.Merchant, Id, kind, amount, null, Gateways), key is null ? null : ShardUnderTest.Key(key)));

    public Reply Settle(GatewayResult result, int? number = null) =>
        Shard.Do(new SettleTransaction(ShardUnderTest.Merchant, Id, number ?? Payment.Transactions.Length, result));

    public Reply Hear(GatewayResult result, int? number = null) =>
        Shard.Do(new HearGateway(ShardUnderTest.Merchant, Id, number ?? Payment.Transactions.Length, result));

    public Reply Succeed(TransactionKind kind, long? amount = null)
    {
        Begin(kind, amount);
        return Settle(GatewayResult.Succeeded("ref"));
    }
}
