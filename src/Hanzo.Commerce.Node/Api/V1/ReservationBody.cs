using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Inventory;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>A reservation as v1 tells it. There are more of them than of anything else, so it is written member by member.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record ReservationBody(Reservation Reservation)
{
    public static ReservationBody Of(Reservation reservation) => new(reservation);

    public static byte[] JsonOf(Reservation reservation) => JsonBytes.Of(reservation, Write);

    public static void Write(Utf8JsonWriter writer, Reservation reservation)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, reservation.Id);
        writer.WriteString("status"u8, SnakeCase.Of(reservation.Status));
        writer.WriteStartArray("items"u8);
        foreach (var line in reservation.Lines)
        {
            writer.WriteStartObject();
            writer.WriteString("sku"u8, line.Sku);
            writer.WriteNumber("quantity"u8, line.Quantity);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("created_at"u8, reservation.CreatedAt);
        writer.WriteString("expires_at"u8, reservation.ExpiresAt);
        if (reservation.Order is { } order)
            writer.WriteString("order"u8, order);
        if (reservation.ReturnedAt is { } returned)
            writer.WriteString("returned_at"u8, returned);
        writer.WriteEndObject();
    }

    internal sealed class Converter : JsonConverter<ReservationBody>
    {
        public override ReservationBody Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Reservations are told, not read.");

        public override void Write(Utf8JsonWriter writer, ReservationBody value, JsonSerializerOptions options) => ReservationBody.Write(writer, value.Reservation);
    }
}
