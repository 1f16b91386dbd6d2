using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>
/// Where a merchant wants to hear what happens. One shard, that of its id, decides about it; the others hold copies, because
/// what happens in a shard is written down for its hearers in the same entry.
/// </summary>
/// <param name="Url">Absolute; https unless private addresses are allowed.</param>
/// <param name="Events">Names of <see cref="WebhookEvents.All"/>; empty for all of them.</param>
/// <param name="Secret">32 random bytes in Base64, which sign what is sent.</param>
internal sealed record WebhookEndpoint(string Id, string Merchant, string Url, ImmutableArray<string> Events, string Secret, DateTimeOffset CreatedAt)
{
    public const int MaxPerMerchant = 16;

    public const int MaxUrlLength = 2_048;

    /// <summary>False for a copy.</summary>
    public bool IsHome { get; init; }

    /// <summary>Kept after its removal, so that a copy which arrives late does not bring it back.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Shards that have not yet heard of it, or of its removal.</summary>
    public ImmutableArray<int> Unsettled { get; init; } = [];

    /// <summary>Messages that were not written down because too many waited already.</summary>
    public long Dropped { get; init; }

    public bool Wants(string type) => !IsRemoved && (Events.IsEmpty || Events.Contains(type));

    public static string KeyOf(string merchant, string id) => $"{merchant}/{id}";
}
