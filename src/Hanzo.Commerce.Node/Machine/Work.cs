using System.Collections.Immutable;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>What a shard waits for.</summary>
/// <param name="NextDue">When something next happens by itself, given an entry to happen in.</param>
internal sealed record Work(DateTimeOffset? NextDue) : Reply
{
    /// <summary>Reservations that are not decided, or whose parts have not all heard.</summary>
    public ImmutableArray<Reservation> Reservations { get; init; } = [];

    /// <summary>Parts whose home should have said something by now.</summary>
    public ImmutableArray<HeldPart> Parts { get; init; } = [];

    /// <summary>Webhooks that not every shard has heard of.</summary>
    public ImmutableArray<WebhookEndpoint> Webhooks { get; init; } = [];

    /// <summary>Payments with a transaction under way.</summary>
    public ImmutableArray<Payment> Payments { get; init; } = [];
}

/// <param name="Fingerprint">Of the request that used the key, or null when none did.</param>
/// <param name="Answer">What the request came to, once that is decided.</param>
internal sealed record KeyReply(string? Fingerprint, Reply? Answer = null) : Reply;
