using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// Carries a request's fields upstream and a response's fields back, by our rules, in one pass each. A route's own
/// transforms, where it has any, run after and see what was carried. YARP's generic copy and its forwarded-header
/// transforms do the same by a list of objects a request; this is where their processor time is saved.
/// </summary>
/// <param name="own">The route's transforms, which then copy nothing themselves, or null.</param>
/// <param name="copies">What the route wants carried.</param>
internal sealed class EdgeTransformer(HttpTransformer? own, CopyChoice copies) : HttpTransformer
{
    /// <summary>For routes without transforms.</summary>
    public static EdgeTransformer Plain { get; } = new(null, CopyChoice.Everything);

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var exchange = httpContext.Features.Get<Exchange>()!;
        if (copies.Request) await CopyAsync(exchange, httpContext, proxyRequest, destinationPrefix, cancellationToken);
        WriteOwn(exchange, httpContext.Request, new MessageFields(proxyRequest.Headers));
        if (own is not null) await own.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        RequestTarget.Keep(httpContext.Request, destinationPrefix, proxyRequest);
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null) return false;
        var exchange = httpContext.Features.Get<Exchange>()!;
        exchange.Plan.Leader?.Learn(proxyResponse.Headers);
        if (!await exchange.TakesAsync(httpContext, (int)proxyResponse.StatusCode)) return false;
        var headers = httpContext.Response.Headers;
        if (copies.Response)
        {
            var connection = Nominated(proxyResponse.Headers);
            Copy(proxyResponse.Headers, headers, connection);
            Copy(proxyResponse.Content.Headers, headers, connection);
            DropContradictoryLength(proxyResponse, headers);
        }
        WriteOwn(exchange, httpContext, proxyResponse.Version);
        var copiesBody = own is null || await own.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (copiesBody) await TrailerBody.TakeOverAsync(httpContext, proxyResponse);
        // YARP sends the head with the first bytes of content; a client of events waits for the head before any event.
        if (copiesBody && headers.ContentType.ToString().StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase))
            await httpContext.Response.Body.FlushAsync(cancellationToken);
        return copiesBody;
    }

    /// <inheritdoc/>
    public override async ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        // A response with a Content-Length over HTTP/1.1 has no trailers; asking for them would make an empty collection.
        if (own is null && proxyResponse.Version.Major == 1 && proxyResponse.Content.Headers.NonValidated.Contains(HeaderNames.ContentLength)) return;
        if (copies.Trailers) await base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
        else await own!.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
        if (httpContext.Features.Get<TrailerBody>() is { } body) await body.EndAsync(cancellationToken);
    }

    /// <summary>Writes what the edge itself says to the endpoint.</summary>
    public static void WriteOwn<TFields>(Exchange exchange, HttpRequest request, TFields upstream)
        where TFields : IRequestFields
    {
        WriteOwn(exchange, Hop.Of(request, exchange.Trusted), upstream);
        // RFC 9110 §7.6.2: each hop takes one off; what is not a number is not passed on.
        if (request.Headers.MaxForwards is { Count: > 0 } said && int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var hops) && hops > 0)
            upstream.Add(HeaderNames.MaxForwards, (hops - 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Writes what the edge itself says to the endpoint of every request.</summary>
    public static void WriteOwn<TFields>(Exchange exchange, in Hop hop, TFields upstream)
        where TFields : IRequestFields
    {
        ForwardedHeaders.Write(exchange, hop, upstream);
        upstream.Add(RequestIds.Header, exchange.RequestId);
    }

    /// <summary>Writes what the edge itself says to the client.</summary>
    public static void WriteOwn(Exchange exchange, HttpContext context, Version version)
    {
        var headers = context.Response.Headers;
        headers.Via = StringValues.Concat(headers.Via, exchange.Plan.Via.Of(version));
        Telling.Write(exchange, headers);
        exchange.Plan.Stickiness?.Tell(context, exchange.Sticky, exchange.Region);
    }

    private async ValueTask CopyAsync(Exchange exchange, HttpContext context, HttpRequestMessage upstream, string prefix, CancellationToken cancellation)
    {
        if (TryCopy(exchange, context.Request, upstream)) return;
        // A content field on a request without content (a GET with Content-Type) needs an empty content to stand on, which
        // only YARP's own copy can make: let it copy all, then take away what our rules keep back.
        upstream.Headers.Clear();
        await base.TransformRequestAsync(context, upstream, prefix, cancellation);
        var connection = ConnectionField.Of(context.Request);
        foreach (var (name, _) in context.Request.Headers)
            if (!HeaderRules.CopiesToUpstream(name, exchange.Trusted) || HeaderRules.IsNominated(connection, name))
            {
                Remove(upstream.Headers, name);
                if (upstream.Content is { } content) Remove(content.Headers, name);
            }
    }

    // Each of the two collections throws when it is asked to remove a field that only the other may hold.
    private static void Remove(HttpHeaders headers, string name)
    {
        if (headers.NonValidated.Contains(name)) headers.Remove(name);
    }

    private static bool TryCopy(Exchange exchange, HttpRequest request, HttpRequestMessage upstream)
    {
        var connection = ConnectionField.Of(request);
        var nominates = HeaderRules.Nominates(connection);
        foreach (var (name, value) in request.Headers)
        {
            if (!HeaderRules.CopiesToUpstream(name, exchange.Trusted)) continue;
            if (nominates && HeaderRules.IsNominated(connection, name)) continue;
            if (!Add(upstream, name, value)) return false;
        }
        // RFC 9113 §8.2.2: TE may be sent, and only to say trailers; gRPC servers ask for it.
        if (upstream.Version.Major >= 2 && request.Headers.TE.Count != 0 && request.Headers.TE.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase))
            upstream.Headers.TryAddWithoutValidation(HeaderNames.TE, "trailers");
        return true;
    }

    private static bool Add(HttpRequestMessage upstream, string name, StringValues value)
    {
        if (value.Count == 1)
            return upstream.Headers.TryAddWithoutValidation(name, (string?)value)
                || (upstream.Content is { } content && content.Headers.TryAddWithoutValidation(name, (string?)value));
        string?[] values = value!;
        return upstream.Headers.TryAddWithoutValidation(name, values)
            || (upstream.Content is { } body && body.Headers.TryAddWithoutValidation(name, values));
    }

    private static StringValues Nominated(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(HeaderNames.Connection, out var connection)) return default;
        StringValues values = connection.Count == 1 ? connection.ToString() : connection.ToArray();
        return HeaderRules.Nominates(values) ? values : default;
    }

    private static void Copy(HttpHeaders source, IHeaderDictionary target, StringValues connection)
    {
        foreach (var (name, value) in source.NonValidated)
            if (HeaderRules.CopiesToClient(name) && (connection.Count == 0 || !HeaderRules.IsNominated(connection, name)))
                target[name] = value.Count == 1 ? value.ToString() : value.ToArray();
    }

    // RFC 9112 §6.3: Transfer-Encoding overrides Content-Length, which must then not be passed on. And a status that has
    // no content has no length of it either (RFC 9110 §8.6).
    private static void DropContradictoryLength(HttpResponseMessage response, IHeaderDictionary headers)
    {
        if ((int)response.StatusCode is < 200 or 204 or 205 || response.Headers.NonValidated.Contains(HeaderNames.TransferEncoding))
            headers.Remove(HeaderNames.ContentLength);
    }
}
