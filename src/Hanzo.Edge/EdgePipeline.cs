using System.Net;
using Hanzo.Edge.Proxying;
using Hanzo.Edge.Proxying.Plain;

namespace Hanzo.Edge;

/// <summary>
/// The way of a request through the edge, top to bottom. Most plain ones never come here: <see cref="PlainConnection"/> serves them, and
/// sends those here that it cannot end.
/// </summary>
internal static class EdgePipeline
{
    /// <summary>Lays the way.</summary>
    public static void UseEdge(this WebApplication app, EdgeState state)
    {
        var (snapshots, routes) = (state.Snapshots, state.Routes);
        var ids = app.Services.GetRequiredService<RequestIds>();
        // The host adds authorization by itself where YARP registered it. No route can ask for a policy: it would only cost.
        ((IApplicationBuilder)app).Properties["__AuthorizationMiddlewareSet"] = true;
        app.Use(next => context => MethodRules.IsForwarded(context.Request)    // TRACE, CONNECT and Max-Forwards: 0 end here
            ? next(context)
            : MethodRules.AnswerAsync(ids.Name(context), snapshots.Current));
        var way = app.Services.GetRequiredService<PlainWay>();
        if (snapshots.Current.Configuration.Dns?.Epochs is { } epochs)         // how old the DNS answer is that led here
        {
            way.Arrived = connection => state.Arrived(epochs, (connection.LocalEndPoint as IPEndPoint)?.Address);
            app.Use(next => context =>
            {
                state.Arrived(epochs, context.Connection.LocalIpAddress);
                return next(context);
            });
        }
        app.UseRouting();                                                      // which route: host, path, method, headers, query
        app.UseMiddleware<PlainStage>();                                       // the short way of plain requests; all others go on
        app.Use(next => context => context.GetEndpoint()?.Metadata.GetMetadata<RouteSteering>() is not null
            ? next(context)
            : ProblemAnswer.NoRoute(ids.Name(context), snapshots.Current));     // none: not an endpoint, which every request would meet in the matcher
        app.UseRequestTimeouts();                                              // the route's deadline
        app.MapReverseProxy(route =>
        {
            route.UseMiddleware<ExchangeStage>();                              // who asks, by which snapshot; at the end: count, receipt
            route.UseMiddleware<SteeringStage>();                              // where the client is, which region, which endpoints
            route.UseSessionAffinity();                                        // the session's endpoint, where the route keeps sessions
            route.UseLoadBalancing();                                          // power of two choices
        })                                                                     // forward: EdgeForwarder and EdgeTransformer
            .ConfigureEndpoints((endpoint, route) => endpoint.WithMetadata(routes.Steering(route.RouteId)));
        way.Match = Matcher(app);
    }

    // The same routing with nothing behind it: it only says which route a request takes.
    private static RequestDelegate Matcher(WebApplication app)
    {
        var matcher = ((IApplicationBuilder)app).New();
        matcher.UseRouting();
        matcher.Use(_ => _ => Task.CompletedTask);
        matcher.UseEndpoints(routes =>
        {
            foreach (var source in ((IEndpointRouteBuilder)app).DataSources) routes.DataSources.Add(source);
        });
        return matcher.Build();
    }
}
