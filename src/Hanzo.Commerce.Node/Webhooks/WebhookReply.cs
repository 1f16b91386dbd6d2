using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Webhooks;

internal sealed record WebhookReply(WebhookEndpoint Endpoint) : Reply;

internal sealed record WebhookPage(ImmutableArray<WebhookEndpoint> Endpoints) : Reply;

/// <summary>Deliveries whose time has come, each with where it goes.</summary>
internal sealed record DueDeliveries(ImmutableArray<DueDelivery> Deliveries) : Reply;

internal sealed record DueDelivery(WebhookDelivery Delivery, WebhookEndpoint Endpoint);
