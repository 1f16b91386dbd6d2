using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Orders;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>An order as v1 tells it.</summary>
/// <param name="Reservation">The id of the reservation that holds its units.</param>
/// <param name="Payment">The id of the payment that pays it.</param>
internal sealed record OrderBody(
    string Id,
    string Status,
    IEnumerable<OrderItem> Items,
    Money Total,
    string Reservation,
    string Payment,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Where the customer goes to agree.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ActionUrl { get; init; }

    /// <summary>Why it failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderFailure? Failure { get; init; }

    /// <summary>The cart that it was made from, and its version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CartOrigin? Cart { get; init; }

    public static OrderBody Of(Order order) => new(
        order.Id, SnakeCase.Of(order.Status), order.Items, order.Total, order.ReservationId, order.PaymentId, order.CreatedAt, order.UpdatedAt)
    {
        ActionUrl = order.ActionUrl,
        Cart = order.Cart,
        Failure = order.Refusal is { } refusal ? new OrderFailure(refusal.Code) { Reason = refusal.Reason } : null,
    };
}

/// <param name="Code">The same as that of the problem that the request was answered with.</param>
internal sealed record OrderFailure(string Code)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
