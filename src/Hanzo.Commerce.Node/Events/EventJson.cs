using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hanzo.Commerce.Node.Events;

/// <summary>Events as they are kept and exported: one object in a fixed order of members.</summary>
internal static class EventJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Event told)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("id", told.Id);
            writer.WriteString("event", told.Name);
            writer.WriteString("session", told.Session);
            if (told.User is not null)
                writer.WriteString("user", told.User);
            writer.WriteString("timestamp", told.At.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            writer.WritePropertyName("properties");
            WriteProperties(writer, told);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The properties as one object.</summary>
    public static string PropertiesOf(Event told)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            WriteProperties(writer, told);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What <see cref="Write"/> wrote, or null: another version may have written more, never less.</summary>
    public static Event? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new Event(
                root.GetProperty("id").GetString()!,
                root.GetProperty("event").GetString()!,
                root.GetProperty("session").GetString()!,
                root.TryGetProperty("user", out var user) ? user.GetString() : null,
                root.GetProperty("timestamp").GetDateTimeOffset(),
                root.GetProperty("properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value.Clone(), StringComparer.Ordinal));
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void WriteProperties(Utf8JsonWriter writer, Event told)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in told.Properties.OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}
