using System.Globalization;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// How a gRPC call ends that its region does not end: with the status UNAVAILABLE in trailers, which clients understand,
/// in place of a reset stream, which they take for a fault of their own, or of problem details, which they cannot read.
/// A message that was cut stays cut: gRPC tells its length first, so no client takes it for whole.
/// </summary>
/// <param name="context">The call.</param>
/// <param name="stream">Resets its stream.</param>
internal sealed class GrpcEnding(HttpContext context, IHttpResetFeature stream) : IHttpResetFeature
{
    // https://grpc.github.io/grpc/core/md_doc_statuscodes.html
    private const int Unavailable = 14;

    private const string Status = "grpc-status";
    private const string Message = "grpc-message";

    /// <summary>Sees to the ending of <paramref name="context"/>, where that is a gRPC call. gRPC is spoken over HTTP/2 and its successors only.</summary>
    public static void SeeTo(HttpContext context)
    {
        if (Is(context) && context.Features.Get<IHttpResetFeature>() is { } stream) context.Features.Set<IHttpResetFeature>(new GrpcEnding(context, stream));
    }

    /// <summary>Whether it is a gRPC call that can be given trailers.</summary>
    public static bool Is(HttpContext context) =>
        context.Request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && !type.StartsWith("application/grpc-web", StringComparison.OrdinalIgnoreCase)
        && context.Features.Get<IHttpResetFeature>() is not (null or AbruptEnding);

    /// <summary>Answers a call that no region has begun to answer, by a head alone ("Trailers-Only").</summary>
    public static Task AnswerAsync(HttpContext context, string why)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers[Status] = Unavailable.ToString(CultureInfo.InvariantCulture);
        response.Headers[Message] = why;
        return response.CompleteAsync();
    }

    /// <inheritdoc/>
    public void Reset(int errorCode)
    {
        if (context.RequestAborted.IsCancellationRequested || !context.Response.SupportsTrailers())
        {
            stream.Reset(errorCode);
            return;
        }
        context.Response.AppendTrailer(Status, Unavailable.ToString(CultureInfo.InvariantCulture));
        context.Response.AppendTrailer(Message, "The region broke off.");
    }
}
