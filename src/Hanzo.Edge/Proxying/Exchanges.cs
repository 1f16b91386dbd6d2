using Hanzo.Edge.Location;
using Hanzo.Edge.Receipts;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying;

/// <summary>Opens exchanges (who asks, by which snapshot) and closes them: answers what failed, counts, and leaves the receipt.</summary>
internal sealed class Exchanges(EdgeSnapshots snapshots, RequestIds ids, ReceiptRing receipts, LocationMetrics location, TimeProvider time)
{
    /// <summary>The snapshot that a request which comes now reads.</summary>
    public EdgeSnapshot Snapshot => snapshots.Current;

    /// <summary>Opens the exchange of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="plan">Its route, prepared for <see cref="Snapshot"/>.</param>
    /// <param name="within">Time for the whole exchange where nothing else keeps to the route's; null for no bound.</param>
    public Exchange Open(HttpContext context, RoutePlan plan, TimeSpan? within = null)
    {
        var peer = context.Features.Get<Peer>()!;
        var headers = context.Request.Headers;
        return Open(peer, plan, within, headers[ForwardedHeaders.Forwarded], headers[ForwardedHeaders.XForwardedFor], peer.IsOneOf(plan.Snapshot.Trusted) ? headers[RequestIds.Header] : default);
    }

    /// <summary>Opens the exchange of a request that is no more yet than what it says of itself.</summary>
    /// <param name="peer">Who sent it.</param>
    /// <param name="plan">Its route, prepared for <see cref="Snapshot"/>.</param>
    /// <param name="within">As above.</param>
    /// <param name="forwarded">Its Forwarded field.</param>
    /// <param name="forwardedFor">Its X-Forwarded-For field.</param>
    /// <param name="id">Its Request-Id field.</param>
    public Exchange Open(Peer peer, RoutePlan plan, TimeSpan? within, StringValues forwarded, StringValues forwardedFor, StringValues id)
    {
        var client = ClientAddress.Of(peer.Key, plan.Snapshot.Trusted, forwarded, forwardedFor);
        if (client.Headers > ForwardingVerdict.Believed) location.HeadersIgnored(client.Headers);
        var trusted = peer.IsOneOf(plan.Snapshot.Trusted);
        var started = time.GetTimestamp();
        return new Exchange(plan.Snapshot, plan, peer, started)
        {
            Time = time,
            Until = within is { } most ? started + (long)(most.TotalSeconds * time.TimestampFrequency) : long.MaxValue,
            Trusted = trusted,
            Forwarded = forwarded,
            ForwardedFor = forwardedFor,
            Client = client.Address,
            RequestId = ids.Of(id, trusted),
        };
    }

    /// <summary>Answers a request whose forwarding failed, where the client can still be told.</summary>
    public static Task FailAsync(HttpContext context, Exchange exchange, IForwarderErrorFeature failure)
    {
        exchange.Error = ProxyStatus.TypeOf(failure.Error, failure.Exception);
        if (context.Response.HasStarted) return Task.CompletedTask;
        if (exchange.IsLate || context.Features.Get<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken.IsCancellationRequested: true })
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

    /// <summary>Closes the exchange of a request that has ended.</summary>
    public void Close(HttpContext context, Exchange exchange) => Close(exchange, context.Response.StatusCode);

    /// <summary>Closes the exchange of a request that was answered with <paramref name="status"/>.</summary>
    public void Close(Exchange exchange, int status)
    {
        var duration = time.GetElapsedTime(exchange.Started);
        exchange.EndpointLoad?.Leave();
        exchange.Load?.Leave();
        exchange.Series?.End(status, exchange.Error, duration);
        receipts.Add(exchange, status, duration);
    }
}
