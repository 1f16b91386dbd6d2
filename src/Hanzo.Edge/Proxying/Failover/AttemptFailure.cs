using Hanzo.Edge.Health.Passive;
using Microsoft.AspNetCore.Http.Timeouts;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>What a forwarder's error says of the endpoint.</summary>
/// <param name="Outcome">How the attempt ended.</param>
/// <param name="WasSent">Whether something of the request may have reached the endpoint.</param>
internal readonly record struct AttemptFailure(RequestOutcome Outcome, bool WasSent)
{
    /// <summary>Reads the error of an attempt that brought no response; null where it is the client's doing or the edge's own.</summary>
    public static AttemptFailure? Of(HttpContext context, ForwarderError error)
    {
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        switch (error)
        {
            case ForwarderError.RequestTimedOut:
                return IsConnecting(cause) ? new(RequestOutcome.ConnectFailed, WasSent: false) : new(RequestOutcome.TimedOut, WasSent: true);
            case ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled:
                return IsOverdue(context) ? new(RequestOutcome.TimedOut, WasSent: true) : null;
            case ForwarderError.Request or ForwarderError.RequestBodyDestination:
                return IsConnecting(cause) ? new(RequestOutcome.ConnectFailed, WasSent: false) : new(RequestOutcome.Reset, WasSent: true);
            default:
                return null;
        }
    }

    /// <summary>Whether the endpoint broke a response that the client already has a part of.</summary>
    public static bool BrokeOff(ForwarderError error) =>
        error is ForwarderError.ResponseBodyDestination or ForwarderError.UpgradeResponseDestination or ForwarderError.UpgradeRequestDestination;

    // The client's own handler says a connect timeout by a TimeoutException inside a cancellation.
    private static bool IsConnecting(Exception? cause)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
            switch (inner)
            {
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }:
                case TimeoutException:
                    return true;
            }
        return false;
    }

    private static bool IsOverdue(HttpContext context) =>
        context.Features.Get<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken.IsCancellationRequested: true };
}
