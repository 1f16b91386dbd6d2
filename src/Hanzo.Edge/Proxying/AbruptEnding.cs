using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// How a broken answer to an HTTP/1.0 client ends: by a reset connection. Its content has no end but that of the connection, so
/// one that ends in order looks whole. Everywhere else a broken answer lacks its last chunk or a part of its length, and
/// a reset would only take from the client what it has not read yet.
/// </summary>
/// <param name="context">The request.</param>
internal sealed class AbruptEnding(HttpContext context) : IHttpResetFeature
{
    /// <summary>Sees to the ending of <paramref name="context"/>, where the end of the connection could be taken for its own.</summary>
    public static void SeeTo(HttpContext context)
    {
        if (HttpProtocol.IsHttp10(context.Request.Protocol)) context.Features.Set<IHttpResetFeature>(new AbruptEnding(context));
    }

    /// <inheritdoc/>
    public void Reset(int errorCode)
    {
        // The server would shut it down first, which is an end in order.
        if (context.Features.Get<IConnectionSocketFeature>() is { Socket: var socket }) socket.Close(timeout: 0);
        context.Abort();
    }
}
