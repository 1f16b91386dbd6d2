using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>Carries an endpoint, or its removal, from its home to the other shards.</summary>
internal sealed class WebhookSaga(CommerceShards shards)
{
    public async ValueTask Settle(WebhookEndpoint endpoint, CancellationToken cancellation)
    {
        foreach (var shard in endpoint.Unsettled)
        {
            if ((await shards.Do(shard, new CopyWebhook(endpoint), cancellation)).Reply is Done)
                await shards.Do(shards.OfId(endpoint.Id), new WebhookCopied(endpoint.Merchant, endpoint.Id, shard, endpoint.IsRemoved), cancellation);
        }
    }
}
