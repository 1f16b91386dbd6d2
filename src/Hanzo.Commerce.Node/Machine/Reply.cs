using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// What a command or a question came to. It is kept with its idempotency key and told again to whoever repeats the request,
/// so a reply holds everything that the answer is written from.
/// </summary>
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Underway), "underway")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(StockReply), "stock")]
[JsonDerivedType(typeof(StockPage), "stock_page")]
[JsonDerivedType(typeof(ReservationReply), "reservation")]
[JsonDerivedType(typeof(ReservationPage), "reservation_page")]
[JsonDerivedType(typeof(PaymentReply), "payment")]
[JsonDerivedType(typeof(PaymentPage), "payment_page")]
[JsonDerivedType(typeof(OrderReply), "order")]
[JsonDerivedType(typeof(OrderPage), "order_page")]
[JsonDerivedType(typeof(WebhookReply), "webhook")]
[JsonDerivedType(typeof(WebhookPage), "webhook_page")]
[JsonDerivedType(typeof(DueDeliveries), "due_deliveries")]
[JsonDerivedType(typeof(KeyReply), "key")]
[JsonDerivedType(typeof(Work), "work")]
internal abstract record Reply;

/// <summary>The command changed nothing, and why: an expected outcome.</summary>
/// <param name="Code">Stable name of the cause, told to clients.</param>
internal sealed record Refused(string Code) : Reply
{
    /// <summary>What could be done instead, when a resource is not in a state that allows the command.</summary>
    public ImmutableArray<string> Allowed { get; init; } = [];

    /// <summary>Items of which there is not enough.</summary>
    public ImmutableArray<Shortage> Shortages { get; init; } = [];

    /// <summary>What somebody else said that made it impossible, in their words.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it is as if the request had never come, so that its key may be used again.</summary>
    public bool FreesKey { get; init; }

    /// <summary>The order that stands in the way.</summary>
    public string? Order { get; init; }

    /// <summary>The version of the resource as it is, when a condition on it did not hold.</summary>
    public string? Version { get; init; }
}

/// <summary>The command was taken and needs further steps; its key is answered when the last of them is done.</summary>
internal sealed record Underway(string Id) : Reply;

/// <summary>A step inside the machine was taken, or had been taken before.</summary>
internal sealed record Done : Reply
{
    public static Done It { get; } = new();
}
