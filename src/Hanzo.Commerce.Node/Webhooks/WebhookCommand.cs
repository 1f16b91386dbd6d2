using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>What can be told to the webhooks of a shard.</summary>
internal abstract record WebhookCommand : Command;

/// <summary>Adds an endpoint at its home.</summary>
/// <param name="Endpoint">With the other shards as those that have not heard.</param>
internal sealed record AddWebhook(WebhookEndpoint Endpoint) : WebhookCommand;

/// <summary>Removes an endpoint at its home.</summary>
/// <param name="Shards">How many there are.</param>
/// <param name="Home">The number of this one.</param>
internal sealed record RemoveWebhook(string Merchant, string Id, int Shards, int Home) : WebhookCommand;

/// <summary>Tells another shard of an endpoint or of its removal.</summary>
internal sealed record CopyWebhook(WebhookEndpoint Endpoint) : WebhookCommand;

/// <summary>Tells the home that a shard has heard.</summary>
internal sealed record WebhookCopied(string Merchant, string Id, int Shard, bool IsRemoval) : WebhookCommand;

/// <summary>Says how an attempt went.</summary>
/// <param name="Attempt">Its number, from 0: a result that comes twice counts once.</param>
/// <param name="Error">Null when it was delivered.</param>
internal sealed record SettleDelivery(string Key, int Attempt, string? Error) : WebhookCommand;
