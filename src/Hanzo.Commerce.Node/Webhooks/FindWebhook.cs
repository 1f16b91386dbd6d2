using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Webhooks;

internal sealed record FindWebhook(string Merchant, string Id) : Question
{
    public override Reply Answer(CommerceState state) =>
        state.Webhooks.Endpoints.Find(WebhookEndpoint.KeyOf(Merchant, Id)) is { IsHome: true, IsRemoved: false } endpoint
            ? new WebhookReply(endpoint)
            : new Refused("webhook_not_found");
}

/// <summary>A page of the endpoints whose home this shard is.</summary>
internal sealed record ListWebhooks(string Merchant, string? After, int Limit) : ListQuestion(Merchant, After, Limit)
{
    public override Reply Answer(CommerceState state)
    {
        var seen = ImmutableArray.CreateBuilder<WebhookEndpoint>();
        var after = AfterKey;
        while (seen.Count < Limit && state.Webhooks.Endpoints.Page(Prefix, after, Limit) is { IsEmpty: false } page)
        {
            seen.AddRange(page.Where(endpoint => endpoint is { IsHome: true, IsRemoved: false }).Take(Limit - seen.Count));
            after = WebhookEndpoint.KeyOf(Merchant, page[^1].Id);
        }
        return new WebhookPage(seen.ToImmutable());
    }
}

/// <summary>What is to be sent now.</summary>
/// <param name="At">The asker's time: the shard's own stands still between entries.</param>
internal sealed record FindDeliveries(DateTimeOffset At, int Limit) : Question
{
    public override Reply Answer(CommerceState state) => new DueDeliveries(
    [
        .. from due in state.Webhooks.Due.TakeWhile(due => due.At <= At).Take(Limit)
           let delivery = state.Webhooks.Deliveries.Find(due.Key)!
           select new DueDelivery(delivery, state.Webhooks.Endpoints.Find(WebhookEndpoint.KeyOf(delivery.Merchant, delivery.EndpointId))!),
    ]);
}
