using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>What a node serves to its peers, on the inner listener only.</summary>
internal sealed class ReplicationEndpoints(Store store, LogFeed feed, ReplicationOptions options, ReplicationMetrics metrics, IHostApplicationLifetime lifetime)
{
    public const string PullPath = "/replication/v1/pull";
    public const string FetchPath = "/replication/v1/fetch";
    public const string SnapshotPath = "/replication/v1/snapshot";
    public const string DigestsPath = "/replication/v1/digests";
    public const string RangesPath = "/replication/v1/ranges";
    public const string ClusterHeader = "Hanzo-Cluster";
    public const string MemberHeader = "Hanzo-Member";

    private const int MaxRequest = 1 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(PullPath, (RequestDelegate)(context => Serve(context, Pull)));
        routes.MapPost(FetchPath, (RequestDelegate)(context => Serve(context, Fetch)));
        routes.MapPost(SnapshotPath, (RequestDelegate)(context => Serve(context, Snapshot)));
        routes.MapPost(DigestsPath, (RequestDelegate)(context => Serve(context, Digests)));
        routes.MapPost(RangesPath + "/{range:int:range(0,1023)}", (RequestDelegate)(context => Serve(context, Range)));
    }

    private async Task Serve(HttpContext context, Func<HttpContext, CancellationToken, Task> answer)
    {
        var headers = context.Request.Headers;
        if (headers[ClusterHeader] != options.Cluster)
        {
            await Refuse(context, StatusCodes.Status403Forbidden, "other_cluster", $"this node is of the cluster {options.Cluster}");
            return;
        }
        if (!options.Peers.Any(peer => peer.Name == headers[MemberHeader]))
        {
            await Refuse(context, StatusCodes.Status403Forbidden, "unknown_member", $"{headers[MemberHeader]} is no member");
            return;
        }
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await answer(context, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The follower left, or this node stops: the follower begins again where it stands.
            context.Abort();
        }
    }

    private Task Pull(HttpContext context, CancellationToken cancellation) => WithRequest(context,
        (vector, members) => feed.Send(vector, members, context.Response.BodyWriter, cancellation));

    private Task Fetch(HttpContext context, CancellationToken cancellation) => WithRequest(context,
        (vector, members) => feed.SendOnce(vector, members, context.Response.BodyWriter, cancellation));

    private Task Snapshot(HttpContext context, CancellationToken cancellation) => feed.SendSnapshot(context.Response.BodyWriter, cancellation);

    private Task Range(HttpContext context, CancellationToken cancellation) =>
        feed.SendRange(int.Parse((string)context.Request.RouteValues["range"]!, CultureInfo.InvariantCulture), context.Response.BodyWriter, cancellation);

    /// <summary>Each range that was read: its number and its digest.</summary>
    private async Task Digests(HttpContext context, CancellationToken cancellation)
    {
        var content = new ArrayBufferWriter<byte>(StoreKey.Ranges * 12);
        for (var range = 0; range < StoreKey.Ranges; range++)
        {
            if (store.DigestOf(range) is not { } digest)
                continue;
            BinaryPrimitives.WriteInt32LittleEndian(content.GetSpan(12), range);
            BinaryPrimitives.WriteUInt64LittleEndian(content.GetSpan(12)[4..], digest);
            content.Advance(12);
        }
        Frame.Write(context.Response.BodyWriter, FrameKind.Digests, content.WrittenSpan);
        await context.Response.BodyWriter.FlushAsync(cancellation);
    }

    private async Task WithRequest(HttpContext context, Func<VersionVector, IReadOnlySet<uint>, Task> answer)
    {
        if (context.Request.ContentLength is not { } length || length > MaxRequest)
        {
            await Refuse(context, StatusCodes.Status413PayloadTooLarge, "oversized", "the request has no length or is too large");
            return;
        }
        var body = new byte[length];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        await (Wire.ReadRequest(body) is var (vector, members)
            ? answer(vector, members)
            : Refuse(context, StatusCodes.Status400BadRequest, "malformed", "the request cannot be read"));
    }

    private Task Refuse(HttpContext context, int status, string reason, string detail)
    {
        metrics.Refused(reason);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(detail, context.RequestAborted);
    }
}
