using Hanzo.Edge.Proxying.Direct;
using Hanzo.Edge.Proxying.Failover;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// The short way of a plain request, which nearly every one is: all that the other stages do for it, and nothing that only
/// others need. Who is not plain, or takes a route that asks for more, goes on; see ADR 0170.
/// </summary>
internal sealed class PlainStage(RequestDelegate next, Exchanges exchanges, RegionChoice choice, Attempts attempts, DirectForwarder direct, EdgeForwarder forwarder, Spread spread)
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
        return plan.IsPlain ? CarryAsync(context, exchanges.Open(context, plan, plan.Route.Route.Timeout), cluster.Model) : next(context);
    }

    private async Task CarryAsync(HttpContext context, Exchange exchange, ClusterModel cluster)
    {
        EndpointLoad? load = null;
        Deadline? deadline = null;
        AbruptEnding.SeeTo(context);
        try
        {
            choice.Make(context.Request, exchange);
            if (exchange.Region < 0)
            {
                await RegionChoice.Refuse(context, exchange);
                return;
            }
            var region = exchange.Plan.Region(exchange.Region);
            var endpoint = region.Pick(spread.Next());
            load = region.LoadOf(endpoint);
            load.Enter();
            var cut = attempts.Begin(context, exchange, endpoint, hasContent: false);
            var error = await direct.ForwardAsync(context, exchange, endpoint.Model.Config.Address, cut);
            if (attempts.End(context, exchange, error) is { } other)
            {
                context.Features.Set(exchange);
                deadline = Deadline.Of(context, exchange);
                error = await forwarder.FailOverAsync(context, exchange, cluster, error, other);
            }
            if (error != ForwarderError.None && exchange.Error is null && context.Features.Get<IForwarderErrorFeature>() is { } failure)
                await Exchanges.FailAsync(context, exchange, failure);
        }
        finally
        {
            load?.Leave();
            deadline?.Dispose();
            exchanges.Close(context, exchange);
        }
    }
}
