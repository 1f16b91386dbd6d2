using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Hanzo.Edge.Location;
using Hanzo.Edge.Receipts;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Admin;

/// <summary>
/// <c>GET /receipts</c> answers the newest receipts that fit <c>client</c>, <c>region</c>, <c>route</c>, <c>status</c>,
/// <c>error</c>, <c>failedOver</c>, <c>since</c>, <c>until</c> (ISO 8601), at most <c>limit</c>; <c>GET /receipts/ID</c> the one of a request.
/// </summary>
internal static class ReceiptEndpoints
{
    private const int MaxLimit = 1000;

    /// <summary>Adds both to the admin side.</summary>
    public static void MapReceipts(this IEndpointRouteBuilder admin, ReceiptRing ring)
    {
        admin.MapGet("/receipts", context => ListAsync(context, ring));
        admin.MapGet("/receipts/{id}", context => OneAsync(context, ring, (string)context.Request.RouteValues["id"]!));
    }

    private static Task ListAsync(HttpContext context, ReceiptRing ring)
    {
        if (Filter(context.Request.Query, out var wrong) is not { } filter) return AdminProblem.AnswerAsync(context, StatusCodes.Status400BadRequest, wrong!);
        var found = ring.Search(filter);
        return WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("written", ring.Written);
            json.WriteNumber("capacity", ring.Capacity);
            json.WriteStartArray("receipts");
            foreach (var receipt in found) ReceiptJson.Write(json, receipt);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static Task OneAsync(HttpContext context, ReceiptRing ring, string id) => ring.Find(id) is { } receipt
        ? WriteAsync(context, json => ReceiptJson.Write(json, receipt))
        : AdminProblem.AnswerAsync(context, StatusCodes.Status404NotFound, $"There is no receipt of '{id}': this edge keeps the newest {ring.Capacity}.");

    private static ReceiptFilter? Filter(IQueryCollection query, out string? wrong)
    {
        string? said = null;
        var filter = new ReceiptFilter { Region = Text("region"), Route = Text("route"), Error = Text("error") };
        if (Text("client") is { } client) filter = IPAddress.TryParse(client, out var address) ? filter with { Client = EmbeddedIPv4.Unwrap(ClientKey.Of(address)) } : No("client", "an IPv4 or IPv6 address");
        if (Text("status") is { } status) filter = int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? filter with { Status = code } : No("status", "a status");
        if (Text("failedOver") is { } failedOver) filter = bool.TryParse(failedOver, out var yes) ? filter with { FailedOver = yes } : No("failedOver", "true or false");
        if (Text("since") is { } since) filter = Time(since) is { } from ? filter with { Since = from } : No("since", "a time, such as 2026-11-24T03:04:05Z");
        if (Text("until") is { } until) filter = Time(until) is { } to ? filter with { Until = to } : No("until", "a time, such as 2026-11-24T03:04:05Z");
        if (Text("limit") is { } limit) filter = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= MaxLimit ? filter with { Limit = most } : No("limit", $"1 to {MaxLimit}");
        if (query.Keys.FirstOrDefault(key => key is not ("client" or "region" or "route" or "status" or "error" or "failedOver" or "since" or "until" or "limit")) is { } stranger)
            said = $"There is no filter '{stranger}'.";
        wrong = said;
        return said is null ? filter : null;

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

        ReceiptFilter No(string name, string expected)
        {
            said ??= $"'{query[name]}' is no {name}: it is {expected}.";
            return filter;
        }
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer)) write(json);
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
