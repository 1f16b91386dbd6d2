using Hanzo.Edge.Configuration;
using Hanzo.Edge.Explaining;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>Finds the route of a request that was never sent: the routes of one configuration behind the same matcher that real requests go through, and nothing behind it.</summary>
internal sealed class RouteFinder : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly RequestDelegate match;

    /// <summary>Prepares the matcher for the routes of <paramref name="configuration"/>.</summary>
    public RouteFinder(EdgeConfiguration configuration)
    {
        Configuration = configuration;
        var routes = configuration.Routes.Select(route => new RouteConfig { RouteId = route.Route.RouteId, Match = route.Route.Match, Order = route.Route.Order });
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore(); // the builder asks for a server; it is never started
        builder.Services.AddRouting();
        builder.Services.AddReverseProxy().LoadFromMemory([.. routes], []);
        app = builder.Build();
        app.UseRouting();
        app.MapReverseProxy();
        app.Run(_ => Task.CompletedTask);
        match = ((IApplicationBuilder)app).Build();
    }

    /// <summary>Whose routes these are.</summary>
    public EdgeConfiguration Configuration { get; }

    /// <summary>The route that <paramref name="question"/> takes, or null where none matches.</summary>
    public async Task<EdgeRoute?> FindAsync(ExplainQuestion question)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Method = question.Method;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(question.Host ?? "");
        var query = question.Path!.IndexOf('?', StringComparison.Ordinal);
        context.Request.Path = query < 0 ? question.Path : question.Path[..query];
        context.Request.QueryString = new QueryString(query < 0 ? "" : question.Path[query..]);
        await match(context);
        var id = context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId;
        return Configuration.Routes.FirstOrDefault(route => route.Route.RouteId == id);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
