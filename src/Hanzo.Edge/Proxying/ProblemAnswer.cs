using System.Globalization;
using System.Text.Json;
using Hanzo.Edge.Health.Passive;

namespace Hanzo.Edge.Proxying;

/// <summary>The edge's own answers: problem details (RFC 9457) with a stable code, and nothing of what is behind the edge.</summary>
internal static class ProblemAnswer
{
    /// <summary>Answers an exchange that failed with its error and the status already set.</summary>
    public static Task WriteAsync(HttpContext context, Exchange exchange)
    {
        var headers = context.Response.Headers;
        Telling.WriteError(exchange, headers, exchange.Error!);
        if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            // The next moment at which health can have changed for the better.
            var probe = exchange.Snapshot.Configuration.Health.Probe;
            headers.RetryAfter = Math.Max(1, Math.Ceiling((probe.Interval * probe.Rise).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        if (GrpcEnding.Is(context)) return GrpcEnding.AnswerAsync(context, Title(exchange));
        return WriteAsync(context, context.Response.StatusCode, exchange.Error!, Title(exchange), exchange.RequestId, Executed(exchange));
    }

    /// <summary>Answers a request that no route takes.</summary>
    public static Task NoRoute(HttpContext context, EdgeSnapshot snapshot)
    {
        context.Response.Headers[ProxyStatus.Header] = ProxyStatus.Error(snapshot.Configuration.Name, "destination_not_found");
        return WriteAsync(context, StatusCodes.Status404NotFound, "no_route", "No route takes this request.", context.Response.Headers[RequestIds.Header]);
    }

    /// <summary>Answers a request whose method is not forwarded.</summary>
    public static Task MethodNotForwarded(HttpContext context, EdgeSnapshot snapshot)
    {
        context.Response.Headers[ProxyStatus.Header] = ProxyStatus.Error(snapshot.Configuration.Name, "http_request_denied");
        return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "This method is not forwarded.", context.Response.Headers[RequestIds.Header]);
    }

    private static string Title(Exchange exchange) => exchange.Error switch
    {
        _ when exchange.Region < 0 => "No region can serve this request at the moment.",
        "connection_timeout" or "http_response_timeout" or "connection_read_timeout" => "The region did not answer in time.",
        "http_request_error" => "The request could not be read.",
        _ when exchange.Attempt.Failed is [.., { Outcome: RequestOutcome.Reset }] => "The region broke off.",
        _ => "The region could not be reached.",
    };

    // What decides whether the client may send it again: whether any attempt can have reached a service.
    private static string? Executed(Exchange exchange) => exchange.Attempt.Failed switch
    {
        _ when exchange.Region < 0 => "no",
        { } failed => failed.TrueForAll(attempt => attempt.Outcome == RequestOutcome.ConnectFailed) ? "no" : "unknown",
        null => null,
    };

    private static Task WriteAsync(HttpContext context, int status, string code, string title, string? requestId, string? executed = null)
    {
        using var body = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", $"urn:hanzo:edge:problem:{code}");
            json.WriteString("title", title);
            json.WriteNumber("status", status);
            json.WriteString("code", code);
            if (requestId is not null) json.WriteString("requestId", requestId);
            if (executed is not null) json.WriteString("executed", executed);
            json.WriteEndObject();
        }
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(body.ToArray()).AsTask();
    }
}
