using CsCheck;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using static Hanzo.Commerce.Node.Payments.PaymentStatus;

namespace Hanzo.Commerce.Node.Tests.Payments;

/// <summary>Payments against a table of which state may follow which, written down without looking at transactions.</summary>
public sealed class PaymentModelTests
{
    /// <summary>Every pair that the documentation allows; whatever is not here is illegal.</summary>
    private static readonly HashSet<(PaymentStatus From, PaymentStatus To)> Legal =
    [
        (RequiresPayment, Processing), (RequiresPayment, Voided),
        (Processing, RequiresPayment), (Processing, RequiresAction), (Processing, Authorized), (Processing, Failed),
        (RequiresAction, Processing), (RequiresAction, Authorized), (RequiresAction, Failed), (RequiresAction, Voided),
        (Authorized, PartiallyCaptured), (Authorized, Captured), (Authorized, Voided), (Authorized, Expired),
        (PartiallyCaptured, Captured), (PartiallyCaptured, PartiallyRefunded), (PartiallyCaptured, Refunded), (PartiallyCaptured, Failed),
        (Captured, PartiallyRefunded), (Captured, Refunded), (Captured, PartiallyCaptured), (Captured, Failed),
        (PartiallyRefunded, Refunded), (Expired, PartiallyCaptured), (Expired, Captured), (Expired, Voided),
    ];

    private static readonly Gen<GatewayResult> Results = Gen.OneOf(
        Gen.Const(GatewayResult.Succeeded("r")),
        Gen.Const(GatewayResult.Succeeded("r")),
        Gen.Const(GatewayResult.Succeeded("r")),
        Gen.Const(GatewayResult.Declined("no")),
        Gen.Const(GatewayResult.ActionRequired("r", "https://bank.test")),
        Gen.Const(GatewayResult.NotDone("unreachable")),
        Gen.Const(GatewayResult.Unknown("timeout")));

    private static readonly Gen<Act> Acts = Gen.Frequency(
        (6, Gen.Select(Gen.Enum<TransactionKind>(), Gen.Long[1, 12_000], Gen.Bool, (kind, amount, all) => (Act)new Asked(kind, all ? null : amount))),
        (6, Results.Select(result => (Act)new Answered(result))),
        (2, Gen.Select(Gen.Int[1, 6], Results, (number, result) => (Act)new Heard(number, result))),
        (1, Gen.Int[0, 200].Select(hours => (Act)new Waited(hours))));

    [Fact]
    public void No_sequence_of_requests_and_answers_reaches_an_illegal_state() =>
        Acts.Array[1, 50].Sample(acts =>
        {
            var test = new PaymentUnderTest();
            foreach (var act in acts)
            {
                var before = test.Payment;
                var reply = Take(test, act);
                var after = test.Payment;

                Assert.True(before.Status == after.Status || Legal.Contains((before.Status, after.Status)), $"{before.Status} became {after.Status} by {act}");
                Assert.InRange(after.Captured, 0, after.Amount.Amount);
                Assert.InRange(after.Refunded, 0, after.Captured);
                Assert.True(after.Transactions.Count(transaction => transaction.Status == TransactionStatus.Pending) <= 1, "two transactions are under way");
                Assert.True(after.Transactions.Count(transaction => transaction is { Kind: TransactionKind.Authorize, Status: TransactionStatus.Succeeded }) <= 1, "authorized twice");
                if (act is Asked asked)
                    Assert.Equal(IsAllowed(before, asked), reply is not Refused);
            }
        }, iter: 500);

    private static Reply Take(PaymentUnderTest test, Act act)
    {
        switch (act)
        {
            case Asked asked:
                return test.Begin(asked.Kind, asked.Kind is TransactionKind.Capture or TransactionKind.Refund ? asked.Amount : null).Reply;
            case Answered answered:
                return test.Settle(answered.Result);
            case Heard heard:
                return test.Hear(heard.Result, heard.Number);
            case Waited waited:
                test.Shard.Pass(TimeSpan.FromHours(waited.Hours));
                return Done.It;
            default:
                throw new ArgumentException($"{act} is no act.", nameof(act));
        }
    }

    /// <summary>The rules of the documentation, said once more and differently.</summary>
    private static bool IsAllowed(Payment payment, Asked asked) =>
        payment.Transactions.All(transaction => transaction.Status != TransactionStatus.Pending) && asked.Kind switch
        {
            TransactionKind.Authorize => payment.Status is RequiresPayment or RequiresAction,
            TransactionKind.Void => payment.Status is RequiresPayment or RequiresAction or Authorized,
            TransactionKind.Capture => payment.ExpiredAt is null && payment.Status is Authorized or PartiallyCaptured && payment.ExpiredAt is null
                && (asked.Amount ?? 1) <= payment.Amount.Amount - payment.Captured,
            _ => payment.Status is PartiallyCaptured or Captured or PartiallyRefunded && (asked.Amount ?? 1) <= payment.Captured - payment.Refunded,
        };

    private abstract record Act;

    private sealed record Asked(TransactionKind Kind, long? Amount) : Act;

    private sealed record Answered(GatewayResult Result) : Act;

    private sealed record Heard(int Number, GatewayResult Result) : Act;

    private sealed record Waited(int Hours) : Act;
}
