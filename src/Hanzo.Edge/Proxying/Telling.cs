using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>Tells the client where its request was answered: Hanzo-Region, Proxy-Status and Request-Id. Hops are named to trusted clients only.</summary>
internal static class Telling
{
    /// <summary>The field naming the region.</summary>
    public const string RegionHeader = "Hanzo-Region";

    /// <summary>Writes them on a response that came from an endpoint.</summary>
    public static void Write(Exchange exchange, HttpContext context, IHeaderDictionary headers)
    {
        headers[RegionHeader] = exchange.Plan.RegionName(exchange.Region);
        headers[RequestIds.Header] = exchange.RequestId;
        var status = exchange.Trusted && context.GetReverseProxyFeature().ProxiedDestination is { } endpoint
            ? exchange.Plan.NextHops.GetValueOrDefault(endpoint.DestinationId, exchange.Plan.Status)
            : exchange.Plan.Status;
        // RFC 9209 §2: each intermediary appends its member.
        headers[ProxyStatus.Header] = headers.TryGetValue(ProxyStatus.Header, out var before) ? StringValues.Concat(before, status) : status;
    }

    /// <summary>Writes them on an answer of the edge's own.</summary>
    public static void WriteError(Exchange exchange, IHeaderDictionary headers, string error)
    {
        if (exchange.Region >= 0) headers[RegionHeader] = exchange.Plan.RegionName(exchange.Region);
        headers[RequestIds.Header] = exchange.RequestId;
        headers[ProxyStatus.Header] = ProxyStatus.Error(exchange.Snapshot.Configuration.Name, error);
    }
}
