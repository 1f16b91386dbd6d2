using Hanzo.Edge.Location;
using Hanzo.Edge.Proxying.WebSockets;
using Hanzo.Edge.Receipts;
using Microsoft.AspNetCore.Http.Timeouts;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>Opens the exchange (who asks, by which snapshot) and closes it: answers what failed, counts, and leaves the receipt.</summary>
internal sealed class ExchangeStage(RequestDelegate next, EdgeSnapshots snapshots, RequestIds ids, ReceiptRing receipts, LocationMetrics location, TimeProvider time)
{
    /// <summary>Runs the request between opening and closing.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = Open(context);
        context.Features.Set(exchange);
        GrpcEnding.SeeTo(context);
        AbruptEnding.SeeTo(context);
        using var socket = WebSocketEnding.SeeTo(context);
        try
        {
            await next(context);
            if (socket is not null) await socket.EndAsync(time);
            if (exchange.Error is null && context.Features.Get<IForwarderErrorFeature>() is { } failure) await FailAsync(context, exchange, failure);
        }
        finally
        {
            Close(context, exchange);
        }
    }

    private Exchange Open(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var steering = context.GetEndpoint()!.Metadata.GetMetadata<RouteSteering>()!;
        var plan = steering.For(snapshots.Current, proxy.Route, proxy.AllDestinations);
        var peer = context.Features.Get<Peer>()!;
        var headers = context.Request.Headers;
        var client = ClientAddress.Of(peer.Key, plan.Snapshot.Trusted, headers["Forwarded"], headers["X-Forwarded-For"]);
        if (client.Headers > ForwardingVerdict.Believed) location.HeadersIgnored(client.Headers);
        var trusted = peer.IsOneOf(plan.Snapshot.Trusted);
        return new Exchange(plan.Snapshot, plan, peer, time.GetTimestamp())
        {
            Time = time,
            Trusted = trusted,
            Client = client.Address,
            RequestId = ids.Of(context.Request, trusted),
        };
    }

    private static Task FailAsync(HttpContext context, Exchange exchange, IForwarderErrorFeature failure)
    {
        exchange.Error = ProxyStatus.TypeOf(failure.Error, failure.Exception);
        if (context.Response.HasStarted) return Task.CompletedTask;
        if (context.Features.Get<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken.IsCancellationRequested: true })
        {
            // The route's time is over, and the client is still there.
            exchange.Error = "http_response_timeout";
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
        else if (context.RequestAborted.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }
        return ProblemAnswer.WriteAsync(context, exchange);
    }

    private void Close(HttpContext context, Exchange exchange)
    {
        var duration = time.GetElapsedTime(exchange.Started);
        exchange.Load?.Leave();
        exchange.Series?.End(context.Response.StatusCode, exchange.Error, duration);
        receipts.Add(exchange, context.GetReverseProxyFeature().ProxiedDestination?.DestinationId, context.Response.StatusCode, duration);
    }
}
