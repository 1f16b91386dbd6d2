using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>Each code by which the machine refuses, with its status and what a person is told.</summary>
internal static class Refusals
{
    public static ApiAnswer Tell(Refused refused)
    {
        var (status, detail) = Of(refused.Code);
        return new ApiAnswer(status)
        {
            Problem = new Problem(status, refused.Code, detail)
            {
                Allowed = refused.Code == "payment_state_conflict" ? refused.Allowed : null,
                Shortages = refused.Shortages.IsEmpty ? null : refused.Shortages,
                Reason = refused.Reason,
                Order = refused.Order,
            },
            ETag = refused.Version is null ? null : $"\"{refused.Version}\"",
            RetryAfter = refused.Code is KeyUse.InUse or "payment_busy" or "order_busy" or "gateway_unavailable" ? TimeSpan.FromSeconds(1) : null,
            Outcome = refused.FreesKey ? "not-applied" : null,
        };
    }

    private static (int Status, string Detail) Of(string code) => code switch
    {
        "stock_not_found" => (404, "The merchant has put no stock of this SKU."),
        "reservation_not_found" => (404, "The merchant has no reservation with this id."),
        "payment_not_found" => (404, "The merchant has no payment with this id."),
        "webhook_not_found" => (404, "The merchant has no webhook with this id."),
        "too_many_webhooks" => (409, "The merchant has as many webhooks as it may have. Remove one first."),
        "cart_ordered" => (409, "An order was made of this cart already; order names it. Make another cart, or cancel that order."),
        "order_not_found" => (404, "The merchant has no order with this id."),
        "precondition_failed" => (412, "The resource is not as the request expects it. Read it again, then decide."),
        "precondition_required" => (428, "To replace a number of units, say with If-Match which state it was counted against."),
        "insufficient_stock" => (409, "There are not enough units that are not held; shortages lists what is missing."),
        "stock_too_large" => (409, "No stock can be that large."),
        "reservation_not_held" => (409, "The reservation is already over: committed, released or expired."),
        "reservation_of_order" => (409, "The reservation belongs to an order. Cancel the order instead."),
        "order_busy" => (409, "The order is being decided at this moment. Wait until it is."),
        "reservation_expired" => (409, "The reservation's time was over before all of it could be held."),
        "payment_state_conflict" => (409, "The payment is not in a state that allows this; allowed lists what it allows."),
        "payment_busy" => (409, "Something else is being asked of the gateway for this payment. Wait until that is answered."),
        "amount_too_large" => (409, "The amount is more than remains to be captured or refunded."),
        "currency_mismatch" => (409, "The amount is in another currency than the payment."),
        "no_gateway" => (409, "No gateway of this node takes payments of this currency and country."),
        "payment_declined" => (402, "The gateway declined; reason is its own code."),
        "gateway_unavailable" => (503, "No gateway could be reached, and none did anything. Send the request again."),
        "order_not_cancelable" => (409, "The order failed, or its payment is captured: refund the payment first."),
        "idempotency_key_reused" => (422, "This Idempotency-Key was used for another request. A key names one request."),
        KeyUse.InUse => (409, "The request with this Idempotency-Key is still being carried out."),
        _ => throw new ArgumentException($"{code} is no code of a refusal.", nameof(code)),
    };
}
