using System.Net;

namespace Hanzo.Peers.Failover;

/// <summary>A service that answers at once until it is told otherwise: <c>PUT /mode/well</c>, <c>/mode/refuse</c> (503) or <c>/mode/slow</c> (2 s).</summary>
internal static class FailingRegion
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    public static Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var mode = "well";
        app.Run(async context =>
        {
            if (context.Request.Path.StartsWithSegments("/mode", out var said))
            {
                mode = said.Value!.TrimStart('/');
                return;
            }
            if (mode == "refuse") context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            // The probe is slow as well: it is the region that is slow, not one of its pages.
            if (mode == "slow") await Task.Delay(Slow, TimeProvider.System, context.RequestAborted);
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentLength = 2;
            await context.Response.WriteAsync("ok");
        });
        return app.RunAsync();
    }
}
