using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Orders;

/// <summary>
/// Items that a customer buys: units that a reservation holds and an amount that a payment authorizes, both or neither.
///
/// An order, its reservation and its payment lie in one shard. So it has no steps of its own that could be lost: whatever
/// changes the reservation or the payment moves the order in the same entry, see <see cref="OrderFlow"/>.
/// </summary>
/// <param name="Total">What the items cost together.</param>
/// <param name="Method">The customer's means of payment.</param>
/// <param name="Country">ISO 3166-1 code of the means of payment, or null.</param>
/// <param name="Gateways">Where the payment is authorized, in order.</param>
internal sealed record Order(
    string Id,
    string Merchant,
    ImmutableArray<OrderItem> Items,
    Money Total,
    string ReservationId,
    string PaymentId,
    string Method,
    string? Country,
    ImmutableArray<string> Gateways,
    OrderStatus Status,
    DateTimeOffset CreatedAt)
{
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts the changes; its entity tag.</summary>
    public long Version { get; init; } = 1;

    /// <summary>The idempotency key to answer when it is decided, or when the customer has to agree first.</summary>
    public string? Key { get; init; }

    /// <summary>The idempotency key to answer when a cancellation is decided.</summary>
    public string? CancelKey { get; init; }

    /// <summary>Where it stood before somebody asked to cancel it.</summary>
    public OrderStatus BeforeCancel { get; init; }

    /// <summary>Why it failed or is about to.</summary>
    public Refused? Refusal { get; init; }

    /// <summary>Where the customer goes to agree, while that is waited for.</summary>
    public string? ActionUrl { get; init; }

    /// <summary>The cart that it was made from, or null.</summary>
    public CartOrigin? Cart { get; init; }

    /// <summary>Whether it came to nothing for ever.</summary>
    [JsonIgnore]
    public bool IsOver => Status is OrderStatus.Failed or OrderStatus.Canceled;

    /// <summary>Whether clients may know of it: not before its units are held.</summary>
    [JsonIgnore]
    public bool IsPublic => Status != OrderStatus.Reserving;

    public static string KeyOf(string merchant, string id) => $"{merchant}/{id}";
}

/// <summary>So many units of a SKU at a price that the merchant names.</summary>
internal sealed record OrderItem(string Sku, long Quantity, Money UnitPrice);

/// <summary>Where an order stands. The names are part of the log's format.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderStatus>))]
internal enum OrderStatus
{
    /// <summary>Its units are being held; nobody outside knows of it yet.</summary>
    Reserving,

    /// <summary>A gateway is being asked.</summary>
    Authorizing,

    /// <summary>The customer has to agree first, as long as the reservation lasts.</summary>
    RequiresAction,

    /// <summary>The units are taken and the amount is authorized.</summary>
    Confirmed,

    /// <summary>It came to nothing, and what was authorized is being voided.</summary>
    Undoing,
    Failed,

    /// <summary>Somebody canceled it, and what was authorized is being voided.</summary>
    Canceling,
    Canceled,
}
