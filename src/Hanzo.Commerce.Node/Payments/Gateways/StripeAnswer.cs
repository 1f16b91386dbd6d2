using System.Text.Json;

namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>What Stripe's words mean here. Whatever is not understood is unknown, never a yes or a no.</summary>
internal static class StripeAnswer
{
    public static GatewayResult Read(TransactionKind kind, byte[] body) => Parse(body, answer => kind == TransactionKind.Refund ? ReadRefund(answer) : ReadIntent(kind, answer));

    public static GatewayResult ReadError(byte[] body) => Parse(body, answer => answer.TryGetProperty("error", out var error)
        ? GatewayResult.Declined(Text(error, "decline_code") ?? Text(error, "code") ?? Text(error, "type") ?? "declined")
        : GatewayResult.Unknown("an error without its cause"));

    private static GatewayResult ReadRefund(JsonElement refund) => (Text(refund, "id"), Text(refund, "status")) switch
    {
        ({ } id, "succeeded" or "pending") => GatewayResult.Succeeded(id),
        ({ } id, "failed" or "canceled") => GatewayResult.Declined(Text(refund, "failure_reason") ?? "refund_failed", id),
        var (_, status) => GatewayResult.Unknown($"refund {status}"),
    };

    private static GatewayResult ReadIntent(TransactionKind kind, JsonElement intent) => (kind, Text(intent, "id"), Text(intent, "status")) switch
    {
        (TransactionKind.Authorize, { } id, "requires_capture" or "succeeded") => GatewayResult.Succeeded(id),
        (TransactionKind.Authorize, { } id, "requires_action") => ActionUrlIn(intent) is { } url ? GatewayResult.ActionRequired(id, url) : GatewayResult.Unknown("an action without a URL"),
        (TransactionKind.Authorize, { } id, "requires_payment_method") => GatewayResult.Declined(CauseIn(intent), id),
        (TransactionKind.Authorize, { } id, "canceled") => GatewayResult.Declined("canceled", id),
        (TransactionKind.Capture, { } id, "succeeded" or "requires_capture") => GatewayResult.Succeeded(id),
        (TransactionKind.Void, { } id, "canceled") => GatewayResult.Succeeded(id),
        var (_, _, status) => GatewayResult.Unknown($"intent {status}"),
    };

    private static string? ActionUrlIn(JsonElement intent) =>
        intent.TryGetProperty("next_action", out var action) && action.ValueKind == JsonValueKind.Object && action.TryGetProperty("redirect_to_url", out var redirect) && redirect.ValueKind == JsonValueKind.Object
            ? Text(redirect, "url")
            : null;

    private static string CauseIn(JsonElement intent) =>
        intent.TryGetProperty("last_payment_error", out var error) && error.ValueKind == JsonValueKind.Object ? Text(error, "decline_code") ?? Text(error, "code") ?? "declined" : "declined";

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static GatewayResult Parse(byte[] body, Func<JsonElement, GatewayResult> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : GatewayResult.Unknown("an answer that is no object");
        }
        catch (JsonException)
        {
            return GatewayResult.Unknown("an answer that is no JSON");
        }
    }
}
