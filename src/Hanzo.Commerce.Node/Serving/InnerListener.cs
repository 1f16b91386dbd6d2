using Hanzo.Commerce.Node.Consensus.Mesh;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>Keeps what peers say to each other apart from what clients may ask: by the listener a request came in on, never by its path or host.</summary>
internal static class InnerListener
{
    public static void MarkInner(this ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(Mark.One);
        return next(connection);
    });

    /// <summary>Gives connections that are no HTTP to the mesh of replicas.</summary>
    public static void TakeMesh(this ListenOptions listen) => listen.Use(next => async connection =>
    {
        if (!await listen.ApplicationServices.GetRequiredService<MeshListener>().Serve(connection))
            await next(connection);
    });

    /// <summary>The stages for requests of peers; clients' requests pass by.</summary>
    public static void UseInnerPaths(this IApplicationBuilder app, Action<IEndpointRouteBuilder> map) => app.MapWhen(
        context => context.Features.Get<Mark>() is not null,
        inner => inner
            .Use((context, next) =>
            {
                // A path that clients may ask was found before this: it is not for peers.
                context.SetEndpoint(null);
                return next(context);
            })
            .UseRouting()
            .UseEndpoints(map));

    private sealed class Mark
    {
        public static Mark One { get; } = new();
    }
}
