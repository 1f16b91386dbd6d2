using Hanzo.Edge.Proxying.Direct;
using Hanzo.Edge.Proxying.Failover;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>
/// The short way of a plain request, which nearly every one is: all that the other stages do for it, and nothing that only
/// others need. Who is not plain, or takes a route that asks for more, goes on; see ADR 0170. Requests that
/// <see cref="PlainConnection"/> has begun and leaves to others go on here.
/// </summary>
internal sealed class PlainStage(RequestDelegate next, PlainWay way, Exchanges exchanges, Attempts attempts, DirectForwarder direct, EdgeForwarder forwarder) : IAttemptEnding
{
    /// <summary>Carries a plain request, and passes on any other.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<Peer>() is { Begun: { } begun } peer)
        {
            peer.Begun = null;
            return GoOn(context, begun);
        }
        return DirectForwarder.IsPlain(context) && way.PlanOf(context.GetEndpoint()) is { } plan
            ? Carry(context, exchanges.Open(context, plan, plan.Route.Route.Timeout))
            : next(context);
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(HttpContext context, Exchange exchange, ForwarderError error)
    {
        if (error != ForwarderError.None || !exchange.Attempt.IsTaken) return GoOnAsync(context, exchange, error);
        attempts.End(exchange, error);
        exchanges.Close(context, exchange);
        return default;
    }

    private Task GoOn(HttpContext context, Resumption begun) => begun.At switch
    {
        ResumePoint.Refused => RefuseAsync(context, begun.Exchange),
        ResumePoint.Cut => GoOnAsync(context, begun.Exchange, ForwarderError.None).AsTask(),
        ResumePoint.Asking => Forward(context, begun.Exchange, null, begun.Cut),
        _ => Forward(context, begun.Exchange, begun, begun.Cut),
    };

    // What waits for the endpoint goes on to the end of the request: one state machine, where every further one would be an
    // object and a step more for each request.
    private Task Carry(HttpContext context, Exchange exchange)
    {
        AbruptEnding.SeeTo(context);
        exchange.Stay(context.Request);
        return way.TryBegin(exchange, out var cut) ? Forward(context, exchange, null, cut) : RefuseAsync(context, exchange);
    }

    private Task<ForwarderError> Forward(HttpContext context, Exchange exchange, Resumption? begun, CancellationToken cut) =>
        direct.ForwardAsync(context, exchange, exchange.Attempt.Endpoint.Model.Config.Address, cut, this, begun).AsTask();

    private async Task RefuseAsync(HttpContext context, Exchange exchange)
    {
        try
        {
            await RegionChoice.Refuse(context, exchange);
        }
        finally
        {
            exchanges.Close(context, exchange);
        }
    }

    private async ValueTask GoOnAsync(HttpContext context, Exchange exchange, ForwarderError error)
    {
        Deadline? deadline = null;
        try
        {
            if (attempts.End(context, exchange, error) is { } other)
            {
                context.Features.Set(exchange);
                deadline = Deadline.Of(context, exchange);
                error = await forwarder.FailOverAsync(context, exchange, context.GetEndpoint()!.Metadata.GetMetadata<RouteModel>()!.Cluster!.Model, error, other);
            }
            if (error != ForwarderError.None && exchange.Error is null && context.Features.Get<IForwarderErrorFeature>() is { } failure)
                await Exchanges.FailAsync(context, exchange, failure);
        }
        finally
        {
            deadline?.Dispose();
            exchanges.Close(context, exchange);
        }
    }
}
