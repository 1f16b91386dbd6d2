using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Hanzo.Edge.Proxying;

/// <summary>Which fields a route wants carried; its transforms may say no (RequestHeadersCopy, ResponseHeadersAllowed and the like).</summary>
internal sealed record CopyChoice(bool Request, bool Response, bool Trailers)
{
    /// <summary>All of them.</summary>
    public static CopyChoice Everything { get; } = new(true, true, true);

    /// <summary>What the transforms of <paramref name="route"/> ask for.</summary>
    public static CopyChoice Of(RouteConfig route) => new(
        Copies(route, "RequestHeadersCopy", "RequestHeadersAllowed"),
        Copies(route, "ResponseHeadersCopy", "ResponseHeadersAllowed"),
        Copies(route, "ResponseTrailersCopy", "ResponseTrailersAllowed") && !Has(route, "ResponseTrailer") && !Has(route, "ResponseTrailerRemove"));

    private static bool Copies(RouteConfig route, string copy, string allowed) =>
        !Has(route, allowed) && !(route.Transforms?.Any(transform => transform.TryGetValue(copy, out var value) && bool.TryParse(value, out var copies) && !copies) ?? false);

    private static bool Has(RouteConfig route, string key) => route.Transforms?.Any(transform => transform.ContainsKey(key)) ?? false;
}

/// <summary>Leaves to a route's transforms only what the route itself asks for: <see cref="EdgeTransformer"/> does the rest.</summary>
internal sealed class RouteTransforms : ITransformProvider
{
    /// <inheritdoc/>
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    /// <inheritdoc/>
    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    /// <inheritdoc/>
    public void Apply(TransformBuilderContext context)
    {
        var copies = CopyChoice.Of(context.Route);
        context.UseDefaultForwarders = false;
        context.CopyRequestHeaders = false;
        context.CopyResponseHeaders = false;
        if (copies.Trailers) context.CopyResponseTrailers = false;
        // The endpoint is told the host that the client asked for, unless the route says otherwise.
        if (!(context.Route.Transforms?.Any(transform => transform.ContainsKey("RequestHeaderOriginalHost")) ?? false))
            context.AddOriginalHost(true);
    }
}
