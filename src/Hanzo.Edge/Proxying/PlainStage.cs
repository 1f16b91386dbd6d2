using Hanzo.Edge.Proxying.Direct;
using Hanzo.Edge.Proxying.Failover;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// The short way of a plain request, which nearly every one is: all that the other stages do for it, and nothing that only
/// others need. Who is not plain, or takes a route that asks for more, goes on; see ADR 0170.
/// </summary>
internal sealed class PlainStage(RequestDelegate next, Exchanges exchanges, RegionChoice choice, Attempts attempts, DirectForwarder direct, EdgeForwarder forwarder, Spread spread) : IAttemptEnding
{
    /// <summary>Carries a plain request, and passes on any other.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (!DirectForwarder.IsPlain(context)
            || context.GetEndpoint()?.Metadata is not { } route
            || route.GetMetadata<RouteSteering>() is not { } steering
            || route.GetMetadata<RouteModel>() is not { Cluster: { } cluster } model)
            return next(context);
        var plan = steering.For(exchanges.Snapshot, model, cluster.DestinationsState.AllDestinations);
        return plan.IsPlain ? Carry(context, exchanges.Open(context, plan, plan.Route.Route.Timeout)) : next(context);
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(HttpContext context, Exchange exchange, ForwarderError error)
    {
        if (error != ForwarderError.None || !exchange.Attempt.IsTaken) return GoOnAsync(context, exchange, error);
        attempts.End(context, exchange, error);
        exchanges.Close(context, exchange);
        return default;
    }

    // What waits for the endpoint goes on to the end of the request: one state machine, where every further one would be an
    // object and a step more for each request.
    private Task Carry(HttpContext context, Exchange exchange)
    {
        CancellationToken cut;
        try
        {
            AbruptEnding.SeeTo(context);
            choice.Make(context.Request, exchange);
            if (exchange.Region < 0) return RefuseAsync(context, exchange);
            var region = exchange.Plan.Region(exchange.Region);
            var endpoint = region.Pick(spread.Next());
            exchange.EndpointLoad = region.LoadOf(endpoint);
            exchange.EndpointLoad.Enter();
            cut = attempts.Begin(context, exchange, endpoint, hasContent: false);
        }
        catch
        {
            exchanges.Close(context, exchange);
            throw;
        }
        return direct.ForwardAsync(context, exchange, exchange.Attempt.Endpoint.Model.Config.Address, cut, this).AsTask();
    }

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
