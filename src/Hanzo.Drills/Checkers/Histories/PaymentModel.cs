namespace Hanzo.Drills.Checkers.Histories;

/// <summary>A call to one payment, in minor units of its currency.</summary>
internal abstract record PaymentCall
{
    public sealed record Read : PaymentCall;

    public sealed record Create(long Amount) : PaymentCall;

    public sealed record Authorize : PaymentCall;

    public sealed record Capture(long Amount) : PaymentCall;

    public sealed record Void : PaymentCall;

    public sealed record Refund(long Amount) : PaymentCall;
}

/// <summary>What became of a call to a payment.</summary>
internal enum PaymentOutcome
{
    Done,

    /// <summary>The gateway said no; the payment has failed.</summary>
    Declined,

    /// <summary>The payment does not allow this now, or is not there.</summary>
    Refused,
}

/// <summary>A payment's answer, with the facts it showed where it showed them.</summary>
internal readonly record struct PaymentAnswer(PaymentOutcome Outcome, PaymentFacts? Facts = null);

/// <summary>The amounts of a payment, in minor units. Every status follows from them.</summary>
/// <param name="Amount">What it is for; 0 before it exists.</param>
/// <param name="Ended">Voided or failed: nothing follows.</param>
internal readonly record struct PaymentFacts(long Amount, bool Authorized, bool Ended, long Captured, long Refunded);

/// <summary>
/// One payment: authorized at most once, captured at most up to its amount and not after a refund, refunded at most what was captured, and nothing
/// after it was voided or has failed.
/// </summary>
internal sealed class PaymentModel : ISequentialModel<PaymentFacts, PaymentCall, PaymentAnswer>
{
    public PaymentFacts Initial => default;

    public PaymentFacts? After(PaymentFacts state, PaymentCall call, PaymentAnswer answer)
    {
        var next = answer.Outcome switch
        {
            PaymentOutcome.Done => Done(state, call),
            PaymentOutcome.Declined => Declined(state, call),
            _ => Done(state, call) is null ? state : null,
        };
        return next is { } after && (answer.Facts is not { } seen || seen == after) ? after : null;
    }

    public IEnumerable<PaymentFacts> AfterUnseen(PaymentFacts state, PaymentCall call) =>
        new[] { Done(state, call), Declined(state, call) }.OfType<PaymentFacts>().Where(next => next != state);

    private static PaymentFacts? Done(PaymentFacts state, PaymentCall call) => call switch
    {
        PaymentCall.Create create => state.Amount == 0 && create.Amount > 0 ? state with { Amount = create.Amount } : null,
        _ when state.Amount == 0 => null,
        PaymentCall.Read => state,
        _ when state.Ended => null,
        PaymentCall.Authorize => state.Authorized ? null : state with { Authorized = true },
        PaymentCall.Capture capture => state.Authorized && state.Refunded == 0 && capture.Amount > 0 && state.Captured + capture.Amount <= state.Amount
            ? state with { Captured = state.Captured + capture.Amount }
            : null,
        PaymentCall.Void => state.Captured == 0 ? state with { Ended = true } : null,
        PaymentCall.Refund refund => refund.Amount > 0 && state.Refunded + refund.Amount <= state.Captured
            ? state with { Refunded = state.Refunded + refund.Amount }
            : null,
        _ => null,
    };

    private static PaymentFacts? Declined(PaymentFacts state, PaymentCall call) =>
        call is PaymentCall.Authorize && Done(state, call) is not null ? state with { Ended = true } : null;
}
