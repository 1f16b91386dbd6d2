using System.Text.Json;

namespace Hanzo.Commerce.Node.Consensus.Operating;

/// <summary>Takes members in or out of every shard, as far as that goes at this moment, and says how far it is.</summary>
internal sealed class MemberEndpoint(Replicas replicas, LeaderOrders orders)
{
    public async Task Answer(HttpContext context, MemberOrder order)
    {
        var answers = await Task.WhenAll(replicas.Groups.Select(group => orders.Give(group.Shard, order, context.RequestAborted)));
        var json = JsonSerializer.SerializeToUtf8Bytes(answers, OrderJson.Default.OrderAnswerArray);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
