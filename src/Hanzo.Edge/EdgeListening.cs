using System.Security.Cryptography.X509Certificates;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Proxying;
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
        web.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The endpoint bounds what it takes; a route may do so here (maxRequestBodySize). A slow stream is no attack:
            // the forwarder's activity timeout ends what is silent.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            foreach (var listen in configuration.Listen)
                kestrel.Listen(listen.Address, options => Configure(options, listen));
        });
    }

    private static void Configure(ListenOptions options, Configuration.ListenOptions listen)
    {
        options.Use(next => connection =>
        {
            connection.Features.Set(Peer.Of(connection));
            return next(connection);
        });
        options.Protocols = listen.Tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (listen.Tls is { } tls)
            options.UseHttps(X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile));
    }
}
