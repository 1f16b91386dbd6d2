using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>A webhook as v1 tells it.</summary>
/// <param name="Events">Which events it hears; empty for all.</param>
internal sealed record WebhookBody(string Id, string Url, IEnumerable<string> Events, DateTimeOffset CreatedAt)
{
    /// <summary>Told once, to whoever adds it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    public static WebhookBody Of(WebhookEndpoint endpoint) => new(endpoint.Id, endpoint.Url, endpoint.Events, endpoint.CreatedAt);
}
