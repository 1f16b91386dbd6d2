using Hanzo.Edge.Proxying.WebSockets;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>Opens the exchange and closes it.</summary>
internal sealed class ExchangeStage(RequestDelegate next, Exchanges exchanges, TimeProvider time)
{
    /// <summary>Runs the request between opening and closing.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var steering = context.GetEndpoint()!.Metadata.GetMetadata<RouteSteering>()!;
        var exchange = exchanges.Open(context, steering.For(exchanges.Snapshot, proxy.Route, proxy.AllDestinations));
        context.Features.Set(exchange);
        GrpcEnding.SeeTo(context);
        AbruptEnding.SeeTo(context);
        using var socket = WebSocketEnding.SeeTo(context);
        try
        {
            await next(context);
            if (socket is not null) await socket.EndAsync(time);
            if (exchange.Error is null && context.Features.Get<IForwarderErrorFeature>() is { } failure) await Exchanges.FailAsync(context, exchange, failure);
        }
        finally
        {
            exchanges.Close(context, exchange);
        }
    }
}
