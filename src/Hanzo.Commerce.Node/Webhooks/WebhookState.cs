using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>The webhooks of one shard: who wants to hear, and what they have not heard yet.</summary>
/// <param name="Deliveries">By <see cref="WebhookDelivery.Key"/>, so that a lane lies together and in order.</param>
/// <param name="Due">The first of each lane, by the time of its next attempt.</param>
/// <param name="Waiting">Deliveries of each endpoint, by its id.</param>
/// <param name="LastNumber">Of the messages so far.</param>
internal sealed partial record WebhookState(
    Table<WebhookEndpoint> Endpoints,
    Table<WebhookDelivery> Deliveries,
    ImmutableSortedSet<(DateTimeOffset At, string Key)> Due,
    ImmutableSortedDictionary<string, int> Waiting,
    ImmutableSortedSet<string> Unsettled,
    long LastNumber)
{
    public static WebhookState Empty() => new(
        new(),
        new(),
        ImmutableSortedSet<(DateTimeOffset At, string Key)>.Empty.WithComparer(Comparer<(DateTimeOffset At, string Key)>.Create((one, other) =>
            one.At != other.At ? one.At.CompareTo(other.At) : string.CompareOrdinal(one.Key, other.Key))),
        ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal),
        0);

    /// <summary>The state of these rows, as a snapshot holds them.</summary>
    public static WebhookState Of(IEnumerable<WebhookEndpoint> endpoints, IEnumerable<WebhookDelivery> deliveries, long lastNumber)
    {
        var state = endpoints.Aggregate(Empty(), (state, endpoint) => state.Keep(endpoint));
        return deliveries.Aggregate(state, (state, delivery) => state.Add(delivery)) with { LastNumber = lastNumber };
    }

    public Step<WebhookState> Handle(WebhookCommand command, DateTimeOffset at) => command switch
    {
        AddWebhook add => Add(add, at),
        RemoveWebhook remove => Remove(remove),
        CopyWebhook copy => Copy(copy.Endpoint),
        WebhookCopied copied => Copied(copied),
        SettleDelivery settle => Settle(settle, at),
        _ => throw new ArgumentException($"{command.GetType().Name} is not known to webhooks.", nameof(command)),
    };

    private Step<WebhookState> Add(AddWebhook add, DateTimeOffset at)
    {
        if (Endpoints.Find(WebhookEndpoint.KeyOf(add.Endpoint.Merchant, add.Endpoint.Id)) is { } existing)
            return new(this, new WebhookReply(existing));
        if (Endpoints.Page($"{add.Endpoint.Merchant}/", null, int.MaxValue).Count(endpoint => !endpoint.IsRemoved) >= WebhookEndpoint.MaxPerMerchant)
            return new(this, new Refused("too_many_webhooks"));
        var added = add.Endpoint with { IsHome = true, CreatedAt = at };
        return new(Keep(added), new WebhookReply(added));
    }

    private Step<WebhookState> Remove(RemoveWebhook remove)
    {
        if (Endpoints.Find(WebhookEndpoint.KeyOf(remove.Merchant, remove.Id)) is not { IsHome: true, IsRemoved: false } endpoint)
            return new(this, new Refused("webhook_not_found"));
        var removed = endpoint with { IsRemoved = true, Unsettled = [.. Enumerable.Range(0, remove.Shards).Where(shard => shard != remove.Home)] };
        return new(Keep(removed).Drop(endpoint.Id), new WebhookReply(removed));
    }

    private Step<WebhookState> Copy(WebhookEndpoint endpoint)
    {
        var known = Endpoints.Find(WebhookEndpoint.KeyOf(endpoint.Merchant, endpoint.Id));
        if (known is not null && (known.IsRemoved || known.IsRemoved == endpoint.IsRemoved))
            return new(this, Done.It);
        var copied = Keep(endpoint with { IsHome = false, Unsettled = [], Dropped = known?.Dropped ?? 0 });
        return new(endpoint.IsRemoved ? copied.Drop(endpoint.Id) : copied, Done.It);
    }

    private Step<WebhookState> Copied(WebhookCopied copied) =>
        new(Endpoints.Find(WebhookEndpoint.KeyOf(copied.Merchant, copied.Id)) is { } endpoint && endpoint.IsRemoved == copied.IsRemoval
            ? Keep(endpoint with { Unsettled = endpoint.Unsettled.Remove(copied.Shard) })
            : this, Done.It);

    private WebhookState Keep(WebhookEndpoint endpoint)
    {
        var key = WebhookEndpoint.KeyOf(endpoint.Merchant, endpoint.Id);
        Endpoints.Set(key, endpoint);
        return this with { Unsettled = endpoint.Unsettled.IsEmpty ? Unsettled.Remove(key) : Unsettled.Add(key) };
    }
}
