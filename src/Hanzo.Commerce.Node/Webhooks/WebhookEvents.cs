using System.Collections.Immutable;
using Hanzo.Commerce.Node.Api.V1;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>What can be heard: a resource's kind and the state that it came to.</summary>
internal static class WebhookEvents
{
    public static ImmutableArray<string> All { get; } =
    [
        .. Of("order", OrderStatus.Reserving),
        .. Of("payment", PaymentStatus.Processing),
        .. Of("reservation", ReservationStatus.Holding, ReservationStatus.Refused),
        "reservation.returned",
    ];

    /// <summary>Who is it about, and what happened.</summary>
    public static (string Merchant, string Resource, string Type) Of(Reply subject) => subject switch
    {
        OrderReply { Order: var order } => (order.Merchant, order.Id, $"order.{SnakeCase.Of(order.Status)}"),
        PaymentReply { Payment: var payment } => (payment.Merchant, payment.Id, $"payment.{SnakeCase.Of(payment.Status)}"),
        ReservationReply { Reservation: var held } => (held.Merchant, held.Id, held.ReturnedAt is null ? $"reservation.{SnakeCase.Of(held.Status)}" : "reservation.returned"),
        _ => throw new ArgumentException($"Nobody hears of {subject.GetType().Name}.", nameof(subject)),
    };

    private static IEnumerable<string> Of<T>(string kind, params T[] unseen)
        where T : struct, Enum => Enum.GetValues<T>().Except(unseen).Select(state => $"{kind}.{SnakeCase.Of(state)}");
}
