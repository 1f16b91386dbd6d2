using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Tests.Machine;
using static Hanzo.Commerce.Node.Payments.TransactionKind;

namespace Hanzo.Commerce.Node.Tests.Payments;

public sealed class PaymentTests
{
    private readonly PaymentUnderTest _payment = new();

    private Work Work => Assert.IsType<Work>(_payment.Shard.Ask(new FindWork(10)));

    [Fact]
    public void An_amount_is_authorized_captured_and_given_back_in_parts()
    {
        Assert.Equal(PaymentStatus.RequiresPayment, _payment.Status);
        _payment.Begin(Authorize);
        Assert.Equal(PaymentStatus.Processing, _payment.Status);
        _payment.Settle(GatewayResult.Succeeded("a"));
        Assert.Equal(PaymentStatus.Authorized, _payment.Status);
        _payment.Succeed(Capture, 6_000);
        Assert.Equal(PaymentStatus.PartiallyCaptured, _payment.Status);
        _payment.Succeed(Capture);
        Assert.Equal((PaymentStatus.Captured, 10_000), (_payment.Status, _payment.Payment.Captured));
        _payment.Succeed(Refund, 1);
        Assert.Equal(PaymentStatus.PartiallyRefunded, _payment.Status);
        _payment.Succeed(Refund);
        Assert.Equal((PaymentStatus.Refunded, 10_000), (_payment.Status, _payment.Payment.Refunded));
        Assert.Empty(_payment.Payment.Allowed);
    }

    [Fact]
    public void The_intent_is_written_down_before_anything_is_asked()
    {
        Assert.IsType<Underway>(_payment.Begin(Authorize).Reply);

        var open = Assert.Single(Work.Payments);
        Assert.Equal((TransactionStatus.Pending, "pay_1-1", "first"), (open.Pending!.Status, open.GatewayKey(open.Pending), open.Pending.Gateway));
    }

    [Fact]
    public void An_illegal_move_says_what_is_legal()
    {
        var refused = Assert.IsType<Refused>(_payment.Begin(Capture).Reply);
        Assert.Equal("payment_state_conflict", refused.Code);
        Assert.Equal(["authorize", "void"], refused.Allowed.ToArray());
    }

    [Fact]
    public void One_thing_is_asked_of_a_gateway_at_a_time()
    {
        _payment.Begin(Authorize);
        Assert.Equal("payment_busy", ShardUnderTest.Code(_payment.Begin(TransactionKind.Void).Reply));
    }

    [Fact]
    public void No_more_is_captured_than_authorized_nor_refunded_than_captured()
    {
        _payment.Succeed(Authorize);
        Assert.Equal("amount_too_large", ShardUnderTest.Code(_payment.Begin(Capture, 10_001).Reply));
        _payment.Succeed(Capture, 500);
        Assert.Equal("amount_too_large", ShardUnderTest.Code(_payment.Begin(Refund, 501).Reply));
    }

    [Fact]
    public void A_key_is_answered_when_the_gateway_has_answered()
    {
        _payment.Begin(Authorize, key: "k");
        Assert.Equal("idempotency_key_in_use", ShardUnderTest.Code(_payment.Begin(Authorize, key: "k").Reply));

        _payment.Settle(GatewayResult.Declined("insufficient_funds"));

        var again = _payment.Begin(Authorize, key: "k");
        Assert.True(again.Repeated);
        Assert.Equal(("payment_declined", "insufficient_funds"), (Assert.IsType<Refused>(again.Reply).Code, Assert.IsType<Refused>(again.Reply).Reason));
        Assert.Equal(PaymentStatus.Failed, _payment.Status);
    }

    [Fact]
    public void The_next_gateway_is_asked_when_the_first_certainly_did_nothing()
    {
        _payment.Begin(Authorize, key: "k");
        Assert.IsType<Underway>(_payment.Settle(GatewayResult.NotDone("refused connection")));

        Assert.Equal(("second", "pay_1-2"), (_payment.Payment.Pending!.Gateway, _payment.Payment.GatewayKey(_payment.Payment.Pending)));
        _payment.Settle(GatewayResult.Succeeded("b"));

        Assert.Equal(PaymentStatus.Authorized, _payment.Status);
        Assert.IsType<PaymentReply>(_payment.Begin(Authorize, key: "k").Reply);
        _payment.Begin(Capture);
        Assert.Equal("second", _payment.Payment.Pending!.Gateway);
    }

    [Fact]
    public void When_no_gateway_did_anything_the_request_may_be_made_again_with_its_key()
    {
        _payment.Begin(Authorize, key: "k");
        _payment.Settle(GatewayResult.NotDone("refused connection"));
        Assert.Equal("gateway_unavailable", ShardUnderTest.Code(_payment.Settle(GatewayResult.NotDone("refused connection"))));

        Assert.Equal(PaymentStatus.RequiresPayment, _payment.Status);
        Assert.False(_payment.Begin(Authorize, key: "k").Repeated);
        _payment.Settle(GatewayResult.Succeeded("a"));
        Assert.Equal(PaymentStatus.Authorized, _payment.Status);
    }

    [Fact]
    public void After_an_unknown_outcome_no_other_gateway_is_asked()
    {
        _payment.Begin(Authorize);
        _payment.Settle(GatewayResult.Unknown("timeout"));
        var askAt = _payment.Payment.Pending!.AskAt;
        _payment.Settle(GatewayResult.NotDone("refused connection"));

        Assert.Equal((PaymentStatus.Processing, "first", 2), (_payment.Status, _payment.Payment.Pending!.Gateway, _payment.Payment.Pending.Unknowns));
        Assert.True(_payment.Payment.Pending.AskAt > askAt);
    }

    [Fact]
    public void A_customer_who_has_to_agree_may_agree_or_refuse()
    {
        _payment.Begin(Authorize, key: "k");
        _payment.Settle(GatewayResult.ActionRequired("a", "https://bank.test/agree"));
        Assert.Equal((PaymentStatus.RequiresAction, "https://bank.test/agree"), (_payment.Status, _payment.Payment.Authorization!.ActionUrl));
        Assert.IsType<PaymentReply>(_payment.Begin(Authorize, key: "k").Reply);

        Assert.IsType<PaymentReply>(_payment.Hear(GatewayResult.Succeeded("a")));
        Assert.Equal(PaymentStatus.Authorized, _payment.Status);
        Assert.Single(_payment.Payment.Transactions);
    }

    [Fact]
    public void Authorizing_again_asks_about_the_same_transaction()
    {
        _payment.Begin(Authorize);
        _payment.Settle(GatewayResult.ActionRequired("a", "https://bank.test/agree"));
        _payment.Begin(Authorize);

        Assert.Equal((1, "a"), (_payment.Payment.Pending!.Number, _payment.Payment.Pending.Reference));
        _payment.Settle(GatewayResult.NotDone("refused connection"));
        Assert.Equal(PaymentStatus.Processing, _payment.Status);
        _payment.Settle(GatewayResult.Declined("authentication_failed"));
        Assert.Equal(PaymentStatus.Failed, _payment.Status);
    }

    [Fact]
    public void What_a_gateway_says_twice_counts_once()
    {
        _payment.Begin(Authorize);
        _payment.Settle(GatewayResult.Succeeded("a"));
        var version = _payment.Payment.Version;
        _payment.Settle(GatewayResult.Succeeded("a"));
        _payment.Hear(GatewayResult.Succeeded("a"));
        Assert.Equal(version, _payment.Payment.Version);
    }

    [Fact]
    public void A_capture_can_fail_after_it_had_succeeded()
    {
        _payment.Succeed(Authorize);
        _payment.Succeed(Capture);
        _payment.Hear(GatewayResult.Declined("bank_returned"));
        Assert.Equal((PaymentStatus.Failed, 0), (_payment.Status, _payment.Payment.Captured));
    }

    [Fact]
    public void A_capture_does_not_fail_after_its_money_went_back()
    {
        _payment.Succeed(Authorize);
        _payment.Succeed(Capture);
        _payment.Succeed(Refund, 1);
        _payment.Hear(GatewayResult.Declined("bank_returned"), number: 2);
        Assert.Equal((PaymentStatus.PartiallyRefunded, 10_000), (_payment.Status, _payment.Payment.Captured));
    }

    [Fact]
    public void A_payment_that_no_gateway_knows_is_voided_without_asking_one()
    {
        Assert.IsType<PaymentReply>(_payment.Begin(TransactionKind.Void).Reply);
        Assert.Equal(PaymentStatus.Voided, _payment.Status);
        Assert.Empty(Work.Payments);
    }

    [Fact]
    public void An_authorization_runs_out_after_seven_days()
    {
        _payment.Succeed(Authorize);
        _payment.Shard.Pass(Payment.AuthorizationLife - TimeSpan.FromTicks(1));
        Assert.Equal(PaymentStatus.Authorized, _payment.Status);
        _payment.Shard.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(PaymentStatus.Expired, _payment.Status);
        Assert.Equal("payment_state_conflict", ShardUnderTest.Code(_payment.Begin(Capture).Reply));
    }

    [Fact]
    public void What_was_captured_in_time_stays_and_the_rest_runs_out()
    {
        _payment.Succeed(Authorize);
        _payment.Succeed(Capture, 100);
        _payment.Shard.Pass(Payment.AuthorizationLife);
        Assert.Equal(PaymentStatus.PartiallyCaptured, _payment.Status);
        Assert.Equal([Refund], _payment.Payment.Allowed.ToArray());
    }

    [Fact]
    public void A_snapshot_keeps_payments_with_what_waits_for_them()
    {
        _payment.Begin(Authorize);
        var restored = ShardUnderTest.Restored(_payment.Shard.Snapshot());
        var payment = Assert.Single(Assert.IsType<Work>(restored.Ask(new FindWork(10))).Payments);
        restored.Do(new SettleTransaction(ShardUnderTest.Merchant, payment.Id, 1, GatewayResult.Succeeded("a")));
        restored.Pass(Payment.AuthorizationLife);
        Assert.Equal(PaymentStatus.Expired, Assert.IsType<PaymentReply>(restored.Ask(new FindPayment(ShardUnderTest.Merchant, payment.Id))).Payment.Status);
    }
}
