using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Configuration.Routes;

/// <summary>YARP's own judgement of a route, so that what passes here is not refused when it is applied.</summary>
internal static class YarpRules
{
    private static readonly Lazy<IConfigValidator> Validator = new(() =>
    {
        var services = new ServiceCollection();
        services.AddLogging().AddReverseProxy();
        return services.BuildServiceProvider().GetRequiredService<IConfigValidator>();
    });

    /// <summary>What YARP finds wrong with <paramref name="route"/>, or null.</summary>
    public static string? Judge(RouteConfig route)
        => Text(Validator.Value.ValidateRouteAsync(route).AsTask().GetAwaiter().GetResult());

    /// <summary>What YARP finds wrong with <paramref name="cluster"/>, or null.</summary>
    public static string? Judge(ClusterConfig cluster)
        => Text(Validator.Value.ValidateClusterAsync(cluster).AsTask().GetAwaiter().GetResult());

    private static string? Text(IList<Exception> errors)
        => errors.Count == 0 ? null : string.Join("; ", errors.Select(error => error.Message.TrimEnd('.')));
}
