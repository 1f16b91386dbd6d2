using System.Text.Json;
using Hanzo.Commerce.Node.Api.V1;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>What is sent: the event, when it happened, and the resource as v1 told it then. The same bytes in every attempt.</summary>
internal static class WebhookMessage
{
    public static byte[] BodyOf(WebhookDelivery delivery)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", delivery.Type);
            writer.WriteString("timestamp", delivery.At);
            writer.WritePropertyName("data");
            WriteSubject(writer, delivery.Subject);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void WriteSubject(Utf8JsonWriter writer, Reply subject)
    {
        switch (subject)
        {
            case OrderReply order:
                JsonSerializer.Serialize(writer, OrderBody.Of(order.Order), V1Json.Context.OrderBody);
                break;
            case PaymentReply payment:
                JsonSerializer.Serialize(writer, PaymentBody.Of(payment.Payment), V1Json.Context.PaymentBody);
                break;
            case ReservationReply reservation:
                ReservationBody.Write(writer, reservation.Reservation);
                break;
            default:
                throw new ArgumentException($"Nobody hears of {subject.GetType().Name}.", nameof(subject));
        }
    }
}
