using System.Net.Sockets;
using Hanzo.Commerce.Node.Analytics;
using Hanzo.Commerce.Node.Api;
using Hanzo.Commerce.Node.Api.V1;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Catalog;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Operating;
using Hanzo.Commerce.Node.Events;
using Hanzo.Commerce.Node.Exports;
using Hanzo.Commerce.Node.Feeds;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Sessions;
using Hanzo.Commerce.Node.Storage;
using Hanzo.Metering;
using Hanzo.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Console;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>The node as a web application.</summary>
internal static class NodeHost
{
    /// <summary>A product fits many times over; what is larger is a mistake or an attack.</summary>
    private const int MaxRequestBody = 64 * 1024;

    /// <summary>A node that is built and not yet started.</summary>
    public static WebApplication Build(NodeOptions options, TimeProvider time)
    {
        // Empty, not default: no appsettings.json or environment variable may move the port that the command line names.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "hanzo-node" });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // Faults of requests are logged by UseProblems; with a log of its own the server makes an activity and a scope for each.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A start that failed is told once, in one line, by Run.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MaxRequestBody;
            server.Listen(options.Listen);
            if (options.Inner is { } inner)
            {
                server.Listen(inner, listen =>
                {
                    listen.Protocols = HttpProtocols.Http2;
                    if (options.Certificates is { } certificates)
                        listen.UseHttps(certificates.Secure);
                    listen.TakeMesh();
                    listen.MarkInner();
                });
            }
        });
        // A request goes on where its bytes were read, and its answer is sent where it was made: between them are no
        // threads to wake. What waits for the disk waits without one, and what is long leaves first (ShortSteps).
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddMetricsPage();
        builder.Services.AddSingleton<SocketMetrics>();
        builder.Services.AddHostedService(provider => new SocketWatch(SocketWatch.BeatAsync, provider.GetRequiredService<SocketMetrics>().Served, time));
        builder.Services.AddSingleton<ProcessEnd>();
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        builder.Services.AddSingleton<CatalogView>();
        builder.Services.AddSingleton<ProductCatalog>();
        builder.Services.AddHostedService<CatalogSeed>();
        builder.Services.AddSingleton<ProductsApi>();
        builder.Services.AddSingleton<EventBook>();
        builder.Services.AddSingleton<Freshness>();
        builder.Services.AddSingleton<FigureReader>();
        builder.Services.AddSingleton<EventsApi>();
        builder.Services.AddSingleton<AnalyticsApi>();
        builder.Services.AddSingleton<ChangeFeed>();
        builder.Services.AddSingleton<ChangeJson>();
        builder.Services.AddSingleton<ChangesApi>();
        builder.Services.AddSingleton<LogExport>();
        builder.Services.AddSingleton<ExportsApi>();
        builder.Services.AddSingleton<CartBook>();
        builder.Services.AddSingleton<CartJson>();
        builder.Services.AddSingleton<CartsApi>();
        builder.Services.AddSingleton(new SessionGateOptions { Key = options.SessionKey ?? SessionGateOptions.OpenKey(options.Cluster), Wait = options.SessionWait });
        builder.Services.AddSingleton<SessionMetrics>();
        builder.Services.AddSingleton<SessionGate>();
        // Without --data the state lives as long as the node.
        var directory = options.Data ?? Directory.CreateTempSubdirectory("hanzo-node-").FullName;
        builder.Services.AddReplicatedLog(options, directory);
        builder.Services.AddReplicatedState(options, directory, provider => [CartBook.Collection, provider.GetRequiredService<CatalogView>().Collection, EventBook.Collection, .. Figures.Collections]);
        builder.Services.AddCommerce(options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);

        var app = builder.Build();
        // Before anything counts: what the page does not hear is not on it.
        app.Services.GetRequiredService<MeterPage>();
        // Opened before the first request, and before anything listens: a store that cannot be used ends the start.
        var peers = app.Services.GetRequiredService<ReplicationEndpoints>();
        var replicas = app.Services.GetRequiredService<Replicas>();
        var operators = app.Services.GetRequiredService<OperatorEndpoints>();
        app.Use(next => context => ShortSteps.Pass(context, next));
        app.UseInnerPaths(routes =>
        {
            peers.Map(routes);
            operators.Map(routes);
        });
        app.UseRequestIds(time);
        app.UseNodeName(options.Name);
        var metrics = app.Services.GetRequiredService<RequestMetrics>();
        app.Use(next => context => metrics.Pass(context, next));
        app.UseProblems(app.Logger);
        var sessions = app.Services.GetRequiredService<SessionGate>();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal),
            client => client.UseLeaderNote().Use(next => context => sessions.Pass(context, next)));
        app.MapMetricsPage();
        HealthEndpoints.Map(app, app.Services.GetRequiredService<Readiness>(), () => replicas.IsLed);
        app.Services.GetRequiredService<ProductsApi>().Map(app);
        app.Services.GetRequiredService<CartsApi>().Map(app);
        app.Services.GetRequiredService<EventsApi>().Map(app);
        app.Services.GetRequiredService<AnalyticsApi>().Map(app.Services.GetRequiredService<Endpoints>(), app);
        app.Services.GetRequiredService<ChangesApi>().Map(app.Services.GetRequiredService<Endpoints>(), app);
        app.Services.GetRequiredService<ExportsApi>().Map(app.Services.GetRequiredService<Endpoints>(), app);
        app.MapCommerce();
        app.Services.GetRequiredService<ClusterEndpoint>().Map(app);
        return app;
    }

    /// <summary>Runs until it is told to stop. 0: stopped in order; 1: could not start, and the reason is on <paramref name="error"/>.</summary>
    public static async Task<int> Run(NodeOptions options, TimeProvider time, TextWriter error)
    {
        WebApplication app;
        try
        {
            app = Build(options, time);
        }
        catch (Exception refused) when (refused is StoreRefusedException or ConsensusRefusedException or DamagedLogException)
        {
            await error.WriteLineAsync($"hanzo-node: cannot use the data directory: {refused.Message}");
            return 1;
        }
        await using var running = app;
        try
        {
            await app.StartAsync();
        }
        catch (Exception refused) when (WhyNotListening(refused) is { } reason)
        {
            // What had begun before the listener ends in order, and has nothing to say of its own.
            await app.StopAsync();
            await error.WriteLineAsync($"hanzo-node: cannot listen on {options.Listen}: {reason}");
            return 1;
        }
        var address = AddressOf(app);
        app.Logger.Serving(options.Name, options.Region, address);
        // Only now: a start that failed says one thing, why it failed.
        var store = app.Services.GetRequiredService<Store>();
        app.Logger.Opened(store.DataDirectory, store.Self);
        await app.WaitForShutdownAsync();
        app.Logger.Stopped();
        return 0;
    }

    /// <summary>The address a started node listens on for clients, as a URL.</summary>
    public static string AddressOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private static IApplicationBuilder UseNodeName(this IApplicationBuilder app, string name) => app.Use((context, next) =>
    {
        context.Response.Headers["Hanzo-Node"] = name;
        return next(context);
    });

    private static string? WhyNotListening(Exception exception) => exception switch
    {
        IOException { InnerException: AddressInUseException } => "another program has this port; stop it or choose another --listen",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "this user may not take this port; choose one above 1023",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "this machine has no such address",
        _ => null,
    };
}
