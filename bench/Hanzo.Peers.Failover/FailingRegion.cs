using System.Net;

namespace Hanzo.Peers.Failover;

/// <summary>
/// A service that answers at once until it is told otherwise: <c>PUT /mode/well</c>, <c>/mode/refuse</c> (503) or
/// <c>/mode/slow</c> (2 s). What it executes is every POST that it does not refuse, once it has read it.
/// </summary>
internal static class FailingRegion
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// <param name="port">Where it listens, on loopback.</param>
    /// <param name="executed">A file that gets the <c>Order</c> field of each executed POST, a line each: it outlives a kill -9.</param>
    public static async Task RunAsync(int port, string? executed)
    {
        await using var book = executed is null ? null : TextWriter.Synchronized(new StreamWriter(executed, append: true) { AutoFlush = true });
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
            // As it was when the request came: it may be told otherwise meanwhile.
            var asTold = mode;
            if (asTold == "refuse") context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            // The probe is slow as well: it is the region that is slow, not one of its pages.
            if (asTold == "slow") await Task.Delay(Slow, TimeProvider.System, context.RequestAborted);
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (asTold != "refuse" && HttpMethods.IsPost(context.Request.Method)) book?.WriteLine(context.Request.Headers["Order"].ToString());
            context.Response.ContentLength = 2;
            await context.Response.WriteAsync("ok");
        });
        await app.RunAsync();
    }
}
