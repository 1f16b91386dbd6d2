namespace Hanzo.Edge.Proxying;

/// <summary>Which requests end at the edge by their method.</summary>
internal static class MethodRules
{
    /// <summary>
    /// Whether a request is forwarded. TRACE would send back what trusted hops have added, so it is refused, as is CONNECT
    /// outside WebSockets over HTTP/2 (RFC 8441): the edge is no tunnel. OPTIONS that may go no further (RFC 9110 §7.6.2) ends here.
    /// </summary>
    public static bool IsForwarded(HttpRequest request)
    {
        var method = request.Method;
        if (HttpMethods.IsGet(method)) return true;
        if (HttpMethods.IsTrace(method)) return false;
        if (HttpMethods.IsConnect(method)) return request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
        return !HttpMethods.IsOptions(method) || request.Headers.MaxForwards.ToString() != "0";
    }
}
