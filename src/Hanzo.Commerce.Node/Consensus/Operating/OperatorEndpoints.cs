using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hanzo.Commerce.Node.Consensus.Backups;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus.Operating;

/// <summary>What operators ask of a node, and what it then asks of leaders; on the inner listener only.</summary>
internal sealed class OperatorEndpoints(Replicas replicas, BackupMaker backups, LeaderOrders orders, ReplicationOptions options)
{
    public const string BackupPath = "/operator/v1/backup";

    public const string MembersPath = "/operator/v1/members";

    private const int MaxBody = 64 << 10;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/consensus/v1/{shard:int}/orders", (RequestDelegate)Carry);
        routes.MapPost(BackupPath, (RequestDelegate)(context => Serve(context, backups.Answer)));
        routes.MapPost(MembersPath, (RequestDelegate)(context => Serve(context, Change)));
    }

    private Task Carry(HttpContext context) => Serve(context, async context =>
    {
        if (!int.TryParse((string?)context.Request.RouteValues["shard"], NumberStyles.None, CultureInfo.InvariantCulture, out var shard) || shard >= replicas.Groups.Count
            || await Order(context) is not { } order)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        await Write(context, await LeaderOrders.Carry(replicas[shard], order), OrderJson.Default.OrderAnswer);
    });

    /// <summary>Takes members in or out of every shard, as far as that goes at this moment, and says how far it is.</summary>
    private async Task Change(HttpContext context)
    {
        if (await Order(context) is MemberOrder order)
            await Write(context, await orders.GiveAll(order, context.RequestAborted), OrderJson.Default.OrderAnswerArray);
        else
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    /// <summary>Null where it cannot be read.</summary>
    private static async Task<LeaderOrder?> Order(HttpContext context)
    {
        if (context.Request.ContentLength is not (> 0 and <= MaxBody and var length))
            return null;
        var body = new byte[length];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        try
        {
            return JsonSerializer.Deserialize(body, OrderJson.Default.LeaderOrder);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private static Task Write<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(answer, type);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    /// <summary>Who names another cluster did not mean this node.</summary>
    private async Task Serve(HttpContext context, Func<HttpContext, Task> answer)
    {
        if (context.Request.Headers[ReplicationEndpoints.ClusterHeader] == options.Cluster)
        {
            await answer(context);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync($"this node is of the cluster {options.Cluster}", context.RequestAborted);
    }
}
