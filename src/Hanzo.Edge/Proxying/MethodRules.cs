using System.Globalization;

namespace Hanzo.Edge.Proxying;

/// <summary>Which requests end at the edge by their method.</summary>
internal static class MethodRules
{
    /// <summary>
    /// Whether a request is forwarded. TRACE would send back what trusted hops have added, so it is refused, as is CONNECT
    /// outside WebSockets over HTTP/2 (RFC 8441): the edge is no tunnel. OPTIONS that may go no further (RFC 9110 §7.6.2), or asks about
    /// the server as a whole, ends here.
    /// </summary>
    public static bool IsForwarded(HttpRequest request)
    {
        var method = request.Method;
        if (HttpMethods.IsGet(method)) return true;
        if (HttpMethods.IsTrace(method)) return false;
        if (HttpMethods.IsConnect(method)) return request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
        return !HttpMethods.IsOptions(method) || !(MayGoNoFurther(request) || RequestTarget.IsServer(request));
    }

    /// <summary>Answers a request that ends here. OPTIONS is answered as its final recipient would (RFC 9110 §9.3.7).</summary>
    public static Task AnswerAsync(HttpContext context, EdgeSnapshot snapshot)
    {
        context.Response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
        if (!HttpMethods.IsOptions(context.Request.Method)) return ProblemAnswer.MethodNotForwarded(context, snapshot);
        context.Response.Headers[ProxyStatus.Header] = ProxyStatus.Plain(snapshot.Configuration.Name);
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static bool MayGoNoFurther(HttpRequest request) =>
        int.TryParse(request.Headers.MaxForwards, NumberStyles.None, CultureInfo.InvariantCulture, out var hops) && hops == 0;
}
