using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Hanzo.Commerce.Node.Events;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/events: batches of events, from programs as JSON and from browsers as beacons.</summary>
internal sealed class EventsApi(EventBook events, TimeProvider time)
{
    private const int MaxBatch = 500;

    private static readonly TimeSpan Oldest = TimeSpan.FromDays(30);
    private static readonly TimeSpan Newest = TimeSpan.FromMinutes(5);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/events", (RequestDelegate)Take);

    private async Task Take(HttpContext context)
    {
        // navigator.sendBeacon can send text without asking first, and nothing else.
        var isBeacon = context.Request.ContentType?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == true;
        var (document, problem) = await StrictJson.Read(context.Request, isBeacon);
        using (document)
        {
            if (document is not null)
                problem = Check(document.RootElement);
            await (problem is null ? Take(context, document!.RootElement.GetProperty("events")) : ProblemResponses.Write(context.Response, problem));
        }
    }

    private static Problem? Check(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.EnumerateObject().Count() == 1 && body.TryGetProperty("events", out var list)
            && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is > 0 and <= MaxBatch
            ? null
            : new Problem(StatusCodes.Status400BadRequest, "invalid_batch", $"The body is an object with events, a list of 1 to {MaxBatch}, and nothing else.");

    /// <summary>Takes what is right of a batch, and says of the rest why not: one wrong event must not cost the others.</summary>
    private async Task Take(HttpContext context, JsonElement list)
    {
        var now = time.GetUtcNow();
        var taken = new List<Event>();
        var wrong = new List<(int Index, List<FieldError> Errors)>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            var errors = new List<FieldError>();
            var told = Read(item, now, errors);
            if (errors.Count == 0)
                taken.Add(told);
            else
                wrong.Add((index, errors));
        }
        var added = taken.Count == 0 ? 0 : await events.Take(taken, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(Answer(taken.Count, taken.Count - added, wrong), context.RequestAborted);
    }

    private static Event Read(JsonElement item, DateTimeOffset now, List<FieldError> errors)
    {
        var reading = new ObjectReading(item, "", errors);
        var told = new Event(
            reading.OptionalText("id", Event.IsId, $"1 to {Event.MaxIdLength} visible ASCII characters") ?? $"evt_{Guid.CreateVersion7(now):n}",
            reading.Text("event", Event.IsName, $"At most {Event.MaxNameLength} characters: noun and verb with dots between, such as cart.line.added"),
            reading.Text("session", Event.IsId, $"1 to {Event.MaxIdLength} visible ASCII characters"),
            reading.OptionalText("user", Event.IsId, $"1 to {Event.MaxIdLength} visible ASCII characters"),
            ReadTime(reading, now),
            reading.OptionalValues("properties", Event.MaxProperties, IsProperty,
                $"At most {Event.MaxProperties} members with names of lower-case letters, digits and underscores, each a number, true, false or a text of at most {Event.MaxTextLength} characters"));
        reading.End();
        return told;
    }

    private static DateTimeOffset ReadTime(ObjectReading reading, DateTimeOffset now)
    {
        var at = now;
        reading.Text(
            "timestamp",
            text => DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at)
                && at <= now + Newest && at >= now - Oldest,
            "A time as in RFC 3339, at most 30 days ago and 5 minutes ahead");
        return at.ToUniversalTime();
    }

    private static bool IsProperty(string name, JsonElement value) => Event.IsProperty(name) && value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length <= Event.MaxTextLength,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => true,
        _ => false,
    };

    private static ReadOnlyMemory<byte> Answer(int accepted, int repeated, List<(int Index, List<FieldError> Errors)> wrong)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("accepted", accepted);
        writer.WriteNumber("repeated", repeated);
        writer.WriteStartArray("errors");
        foreach (var (index, errors) in wrong)
        {
            foreach (var error in errors)
            {
                writer.WriteStartObject();
                writer.WriteNumber("index", index);
                writer.WriteString("pointer", error.Pointer);
                writer.WriteString("code", error.Code);
                writer.WriteString("detail", error.Detail);
                writer.WriteEndObject();
            }
        }
        writer.WriteEndArray();
        writer.WriteString("durability", "relaxed");
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
