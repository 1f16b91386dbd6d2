using Hanzo.Commerce.Node.Replication;
using Hanzo.Metering;
using Prometheus;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>/metrics: every instrument of the node, for Prometheus.</summary>
internal static class MetricsPage
{
    public static IServiceCollection AddMetricsPage(this IServiceCollection services) => services
        .AddSingleton(_ => Metrics.NewCustomRegistry())
        .AddSingleton<MeterPage>()
        .AddSingleton<RequestMetrics>()
        .AddSingleton<PeerGauges>();

    public static void MapMetricsPage(this WebApplication app)
    {
        var registry = app.Services.GetRequiredService<CollectorRegistry>();
        app.Services.GetRequiredService<PeerGauges>();
        DotNetStats.Register(registry);
        app.MapMetrics("/metrics", registry);
    }
}
