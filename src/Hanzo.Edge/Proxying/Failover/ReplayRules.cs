using Hanzo.Edge.Configuration;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>Which requests may be sent again after something of them went out.</summary>
internal static class ReplayRules
{
    /// <summary>The field by which a client names its operation.</summary>
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>
    /// Whether executing the request twice means the same as executing it once: by its method (RFC 9110 §9.2.2), or because it
    /// names its operation and the route's service promises to execute it once.
    /// </summary>
    public static bool MayRepeat(HttpRequest request, AttemptOptions options) =>
        IsIdempotent(request.Method) || (options.Deduplicates && request.Headers.ContainsKey(KeyHeader));

    /// <summary>Whether the method is idempotent.</summary>
    public static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsOptions(method);
}
