using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>Lets steering decide, and narrows YARP's destinations to the first region that fits.</summary>
internal sealed class SteeringStage(RequestDelegate next, RegionChoice choice)
{
    /// <summary>Decides and passes on, or refuses where no region may serve the request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = context.Features.Get<Exchange>()!;
        exchange.Stay(context.Request);
        choice.Make(exchange);
        if (exchange.Region < 0) return RegionChoice.Refuse(context, exchange);
        context.GetReverseProxyFeature().AvailableDestinations = exchange.Plan.Region(exchange.Region);
        return next(context);
    }
}
