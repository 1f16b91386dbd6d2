using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Tests.Checkers.Histories;

public sealed class PaymentModelTests
{
    private static readonly PaymentAnswer Done = new(PaymentOutcome.Done);
    private static readonly PaymentAnswer Declined = new(PaymentOutcome.Declined);
    private static readonly PaymentAnswer Refused = new(PaymentOutcome.Refused);
    private static readonly PaymentCall Read = new PaymentCall.Read();
    private static readonly PaymentCall Create = new PaymentCall.Create(100);
    private static readonly PaymentCall Authorize = new PaymentCall.Authorize();
    private static readonly PaymentCall Void = new PaymentCall.Void();

    private static PaymentCall.Capture Capture(long amount) => new PaymentCall.Capture(amount);

    private static PaymentCall.Refund Refund(long amount) => new PaymentCall.Refund(amount);

    /// <summary>Each after the last.</summary>
    private static Outcome OutcomeOf(params (PaymentCall Call, PaymentAnswer Answer)[] steps)
    {
        var past = new Past<PaymentCall, PaymentAnswer>();
        for (var i = 0; i < steps.Length; i++)
            past.Answered(2 * i, 2 * i + 1, steps[i].Call, steps[i].Answer);
        return LinearizabilityChecker.Check(new PaymentModel(), past.Operations).Outcome;
    }

    [Fact]
    public void A_payment_that_is_captured_in_parts_and_refunded_is_explained() =>
        Assert.Equal(Outcome.Linearizable, OutcomeOf(
            (Create, Done), (Authorize, Done), (Capture(60), Done), (Capture(40), Done), (Refund(100), Done),
            (Read, new(PaymentOutcome.Done, new PaymentFacts(100, true, false, 100, 100)))));

    [Fact]
    public void A_double_charge_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf((Create, Done), (Authorize, Done), (Capture(100), Done), (Capture(100), Done)));

    [Fact]
    public void A_second_authorization_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf((Create, Done), (Authorize, Done), (Authorize, Done)));

    [Fact]
    public void A_second_creation_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf((Create, Done), (Create, Done)));

    [Fact]
    public void More_refunded_than_captured_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf((Create, Done), (Authorize, Done), (Capture(60), Done), (Refund(61), Done)));

    [Fact]
    public void Nothing_follows_a_void_or_a_decline()
    {
        Assert.Equal(Outcome.Linearizable, OutcomeOf((Create, Done), (Authorize, Done), (Void, Done), (Capture(1), Refused)));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf((Create, Done), (Authorize, Done), (Void, Done), (Capture(1), Done)));
        Assert.Equal(Outcome.Linearizable, OutcomeOf((Create, Done), (Authorize, Declined), (Capture(1), Refused)));
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf((Create, Done), (Authorize, Declined), (Authorize, Done)));
    }

    [Fact]
    public void A_refusal_of_what_was_allowed_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf((Create, Done), (Authorize, Done), (Capture(100), Refused)));

    [Fact]
    public void A_payment_that_vanished_is_found() =>
        Assert.Equal(Outcome.NotLinearizable, OutcomeOf((Create, Done), (Read, Refused)));

    [Fact]
    public void A_capture_whose_answer_nobody_saw_shows_in_a_later_read_or_not()
    {
        foreach (var captured in new long[] { 0, 60 })
            Assert.Equal(Outcome.Linearizable, Unseen(captured));
        Assert.Equal(Outcome.NotLinearizable, Unseen(120));

        static Outcome Unseen(long captured) => LinearizabilityChecker.Check(new PaymentModel(), new Past<PaymentCall, PaymentAnswer>()
            .Answered(0, 1, Create, Done).Answered(2, 3, Authorize, Done).Unseen(4, Capture(60))
            .Answered(9, 10, Read, new(PaymentOutcome.Done, new PaymentFacts(100, true, false, captured, 0))).Operations).Outcome;
    }
}
