using System.Security.Cryptography.X509Certificates;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Location.ProxyProtocol;
using Hanzo.Edge.Proxying;
using Hanzo.Edge.Proxying.Plain;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ListenOptions = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace Hanzo.Edge;

/// <summary>How the edge listens for clients.</summary>
internal static class EdgeListening
{
    /// <summary>Listens on the configured addresses.</summary>
    public static void UseEdgeListening(this IWebHostBuilder web, EdgeConfiguration configuration)
    {
        web.UseKestrelCore();
        web.UseKestrelHttpsConfiguration();
        web.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            // Waiting for data before there is a buffer would be one more system call a request; an idle connection holds 4 KB for it.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = ConnectionField.EncodingOf;
            // The endpoint bounds what it takes; a route may do so here (maxRequestBodySize). A slow stream is no attack:
            // the forwarder's activity timeout ends what is silent.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(PrefaceListener.Address, options => options.Protocols = HttpProtocols.Http2);
            foreach (var listen in configuration.Listen)
                kestrel.Listen(listen.Address, options => Configure(options, listen));
        });
    }

    private static void Configure(ListenOptions options, Configuration.ListenOptions listen)
    {
        if (listen.ProxyProtocol)
        {
            var snapshots = options.ApplicationServices.GetRequiredService<EdgeSnapshots>();
            options.UseProxyProtocol(() => snapshots.Current.Trusted, options.ApplicationServices);
        }
        options.Use(next => connection =>
        {
            connection.Features.Set(Peer.Of(connection));
            return next(connection);
        });
        if (listen.Tls is { } tls)
        {
            options.Protocols = HttpProtocols.Http1AndHttp2;
            options.UseHttps(X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile));
            return;
        }
        options.Protocols = HttpProtocols.Http1;
        var http2 = options.ApplicationServices.GetRequiredService<PrefaceListener>();
        var time = options.ApplicationServices.GetRequiredService<TimeProvider>();
        options.Use(next => new PrefaceSniffer(next, http2, time).OnConnectionAsync);
        options.Use(next => options.ApplicationServices.GetRequiredService<PlainServer>().Before(next));
    }
}
