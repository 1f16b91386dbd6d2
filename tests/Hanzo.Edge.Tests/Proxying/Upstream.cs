using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Tests.Proxying;

/// <summary>A real HTTP server behind the edge. Speaks HTTP/1.1 and, at <see cref="Http2"/>, HTTP/2 in clear text.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication app;

    private Upstream(WebApplication app)
    {
        this.app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        (Http1, Http2) = (addresses[0], addresses[1]);
    }

    /// <summary>Where it speaks HTTP/1.1.</summary>
    public Uri Http1 { get; }

    /// <summary>Where it speaks HTTP/2.</summary>
    public Uri Http2 { get; }

    /// <summary>Starts one that answers by <paramref name="answer"/>, and 200 to probes.</summary>
    public static async Task<Upstream> Start(RequestDelegate answer)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AllowAlternateSchemes = true;
            kestrel.Listen(IPAddress.Loopback, 0, options => options.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, options => options.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(context => context.Request.Path == "/readyz" ? Task.CompletedTask : answer(context));
        await app.StartAsync();
        return new Upstream(app);
    }

    /// <summary>Stops it.</summary>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
