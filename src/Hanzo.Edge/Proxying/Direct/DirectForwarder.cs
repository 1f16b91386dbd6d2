using System.Runtime.ExceptionServices;
using Hanzo.Edge.Proxying.Plain;
using Hanzo.Sockets.Loops;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>
/// Makes one attempt at one endpoint. What nearly all requests are (GET or HEAD without content, on a route without
/// transforms, to an endpoint that speaks HTTP/1.1 in clear text) is written to the endpoint's connection and read from it
/// without the objects that a general client needs; ADR 0032 says what that saves. Everything else is YARP's.
/// </summary>
/// <param name="general">YARP's forwarder.</param>
/// <param name="endpoints">Keeps connections.</param>
internal sealed class DirectForwarder(IHttpForwarder general, UpstreamEndpoints endpoints) : IHttpForwarder
{
    /// <inheritdoc/>
    public ValueTask<ForwarderError> SendAsync(HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
        SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<ForwarderError> SendAsync(HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer, CancellationToken cancellationToken) =>
        IsPlain(context) && IsPlain(destinationPrefix, httpClient, requestConfig, transformer)
            ? ForwardAsync(context, context.Features.Get<Exchange>()!, destinationPrefix, cancellationToken)
            : general.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken);

    /// <summary>Whether a request is plain as far as it says itself: GET or HEAD without content that asks for nothing but its answer.</summary>
    public static bool IsPlain(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return false;
        var headers = request.Headers;
        return headers.Upgrade.Count == 0
            && headers.Expect.Count == 0
            && (headers.TE.Count == 0 || !HttpProtocol.IsHttp11(request.Protocol))
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
    }

    // A hedged request comes with a client of its own kind.
    private static bool IsPlain(string prefix, HttpMessageInvoker client, ForwarderRequestConfig config, HttpTransformer transformer) =>
        ReferenceEquals(transformer, EdgeTransformer.Plain)
        && config.Version is { Major: 1 }
        && prefix.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        && client.GetType() == typeof(HttpMessageInvoker)
        && SocketLoop.IsSupported;

    /// <summary>Makes an attempt at the endpoint at <paramref name="prefix"/> for a plain request of a plain route.</summary>
    /// <param name="context">The request.</param>
    /// <param name="exchange">The same.</param>
    /// <param name="prefix">Scheme and authority of the endpoint, and the path that all of its requests stand behind.</param>
    /// <param name="cut">Ends the attempt.</param>
    /// <param name="ending">What follows the attempt before this completes, or null.</param>
    /// <param name="begun">How far the attempt has come, where it has begun; null where not.</param>
    public async ValueTask<ForwarderError> ForwardAsync(HttpContext context, Exchange exchange, string prefix, CancellationToken cut, IAttemptEnding? ending = null, Resumption? begun = null)
    {
        var error = ForwarderError.None;
        var endpoint = endpoints.Of(prefix);
        var options = exchange.Plan.Route.Forwarder;
        var bounds = new SilenceBounds(options.ActivityTimeout, exchange.Until);
        // Others than the first attempt of a plain request are bounded by tokens that stand in for the client's.
        var peer = ending is not null && !HttpProtocol.IsHttp2(context.Request.Protocol) ? exchange.Peer : null;
        var connection = begun is null ? endpoint.Take(exchange.Attempt.Sent, bounds) : begun.Upstream;
        var isRested = connection is not null;
        var watch = default(ClientWatch);
        var isTaken = exchange.Attempt.IsTaken;
        try
        {
            if (begun?.Broken is { } before) ExceptionDispatchInfo.Throw(before);
            connection ??= await endpoint.ConnectAsync(options.ConnectTimeout, bounds, context.RequestAborted, cut);
            watch.Begin(context, peer, connection, cut);
            try
            {
                // As AskAsync does, but without a state machine of its own for what every request waits for.
                if (begun is null)
                {
                    connection.Request.Write(exchange, context.Request, endpoint);
                    await connection.SendAsync();
                    while (!connection.TryReadHead())
                    {
                        await connection.WaitAsync();
                        connection.ReceiveHead();
                    }
                }
            }
            catch (Exception broken) when (isRested && IsStale(broken, connection) && !IsLeft(context, exchange) && !cut.IsCancellationRequested)
            {
                // The endpoint closed a rested connection in the moment that it was used. These methods may be sent again.
                watch.End();
                connection.Dispose();
                connection = await endpoint.ConnectAsync(options.ConnectTimeout, bounds, context.RequestAborted, cut);
                watch.Begin(context, peer, connection, cut);
                await AskAsync(connection, exchange, context.Request, endpoint);
            }

            var head = connection.Head;
            context.Response.StatusCode = head.Status;
            exchange.Plan.Leader?.Learn(head);
            isTaken = await exchange.TakesAsync(context, head.Status);
            var isReusable = false;
            if (isTaken)
            {
                ResponseFields.Write(exchange, context, head);
                isReusable = await ResponseBody.CopyAsync(context, connection);
            }
            if (watch.End() && isReusable) endpoint.Return(connection);
            else connection.Dispose();
        }
        catch (Exception broken)
        {
            connection?.Dispose();
            error = isTaken ? FailBody(context, exchange, connection!, broken) : FailHead(context, exchange, connection, broken, cut);
        }
        finally
        {
            watch.End();
        }
        if (ending is not null) await ending.EndAsync(context, exchange, error);
        return error;
    }

    private static async ValueTask AskAsync(UpstreamConnection connection, Exchange exchange, HttpRequest request, UpstreamEndpoint endpoint)
    {
        connection.Request.Write(exchange, request, endpoint);
        await connection.SendAsync();
        while (!connection.TryReadHead())
        {
            await connection.WaitAsync();
            connection.ReceiveHead();
        }
    }

    /// <summary>Whether a rested connection was closed in the moment that it was used, so that the endpoint has seen nothing of the request.</summary>
    public static bool IsStale(Exception broken, UpstreamConnection connection) =>
        !connection.HasAnswered && !connection.IsOverdue && broken is not InvalidOperationException;

    private static bool IsLeft(HttpContext context, Exchange exchange) => exchange.Peer.IsGone || context.RequestAborted.IsCancellationRequested;

    private static ForwarderError FailHead(HttpContext context, Exchange exchange, UpstreamConnection? connection, Exception broken, CancellationToken cut)
    {
        var isAborted = IsLeft(context, exchange);
        var (error, status) =
            isAborted || cut.IsCancellationRequested ? (ForwarderError.RequestCanceled, isAborted ? StatusCodes.Status400BadRequest : StatusCodes.Status502BadGateway)
            : broken is OperationCanceledException || connection is { IsOverdue: true } ? (ForwarderError.RequestTimedOut, StatusCodes.Status504GatewayTimeout)
            : broken is InvalidOperationException and not ObjectDisposedException ? (ForwarderError.RequestCreation, StatusCodes.Status502BadGateway)
            : (ForwarderError.Request, StatusCodes.Status502BadGateway);
        context.Response.StatusCode = status;
        return Tell(context, error, broken);
    }

    private static ForwarderError FailBody(HttpContext context, Exchange exchange, UpstreamConnection connection, Exception broken)
    {
        var error = BodyError(IsLeft(context, exchange), connection, broken);
        if (!context.Response.HasStarted && context.Response.BodyWriter.UnflushedBytes == 0)
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
        // The client must not take what it has for the whole (RFC 9113 §7 for the codes).
        else if (context.Features.Get<IHttpResetFeature>() is { } reset) reset.Reset(error == ForwarderError.ResponseBodyCanceled ? 8 : 2);
        else context.Abort();
        return Tell(context, error, broken);
    }

    /// <summary>Why a response that was taken did not come whole.</summary>
    public static ForwarderError BodyError(bool isLeft, UpstreamConnection connection, Exception broken) =>
        isLeft || connection.IsOverdue || broken is OperationCanceledException ? ForwarderError.ResponseBodyCanceled
        : broken is InvalidFieldException ? ForwarderError.ResponseHeaders
        : ForwarderError.ResponseBodyDestination;

    private static ForwarderError Tell(HttpContext context, ForwarderError error, Exception cause)
    {
        context.Features.Set<IForwarderErrorFeature>(new Failure(error, cause));
        return error;
    }

    private sealed record Failure(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
}
