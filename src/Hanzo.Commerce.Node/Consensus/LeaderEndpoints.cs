using System.Globalization;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>What a leader answers to the nodes that pass on to it, on the inner listener only.</summary>
internal sealed class LeaderEndpoints(RaftShards shards, Replicas replicas, ReplicationOptions options)
{
    /// <summary>How many milliseconds the sender still waits.</summary>
    public const string DeadlineHeader = "Hanzo-Deadline";

    private const int MaxBody = 1 << 20;
    private const int MostMilliseconds = 60_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/consensus/v1/{shard:int}/commands", (RequestDelegate)(context => Serve(context, Submit)));
        routes.MapPost("/consensus/v1/{shard:int}/questions", (RequestDelegate)(context => Serve(context, Read)));
    }

    private async Task Submit(HttpContext context, int shard, byte[] command, TimeSpan left)
    {
        // Not the caller's token: what stands in the log goes on without him.
        switch (await shards.Propose(replicas[shard], command, left, CancellationToken.None))
        {
            case SubmitOutcome.Applied applied:
                await Write(context, shard, applied.Answer);
                break;
            case null:
                context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                break;
            case SubmitOutcome.NotApplied { IsDiskFull: true }:
                context.Response.StatusCode = StatusCodes.Status507InsufficientStorage;
                break;
            case var other:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers["Hanzo-Outcome"] = other is SubmitOutcome.NotApplied ? "not-applied" : "unknown";
                break;
        }
    }

    private async Task Read(HttpContext context, int shard, byte[] question, TimeSpan left)
    {
        if (await shards.Ask(replicas[shard], question, left, context.RequestAborted) is { } answer)
            await Write(context, shard, answer);
        else
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
    }

    private async Task Serve(HttpContext context, Func<HttpContext, int, byte[], TimeSpan, Task> answer)
    {
        var headers = context.Request.Headers;
        if (headers[ReplicationEndpoints.ClusterHeader] != options.Cluster || !options.Peers.Any(peer => peer.Name == headers[ReplicationEndpoints.MemberHeader]))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        if (!int.TryParse((string?)context.Request.RouteValues["shard"], NumberStyles.None, CultureInfo.InvariantCulture, out var shard) || shard >= shards.Count
            || context.Request.ContentLength is not (>= 0 and <= MaxBody and var length)
            || !int.TryParse(headers[DeadlineHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var body = new byte[length];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        await answer(context, shard, body, TimeSpan.FromMilliseconds(Math.Min(milliseconds, MostMilliseconds)));
    }

    private Task Write(HttpContext context, int shard, ReadOnlyMemory<byte> answer)
    {
        context.Response.Headers[Sight.Header] = Sight.Tell(shard, replicas[shard].Applied);
        context.Response.ContentLength = answer.Length;
        return context.Response.Body.WriteAsync(answer, context.RequestAborted).AsTask();
    }
}
