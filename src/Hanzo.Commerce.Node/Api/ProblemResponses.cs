using System.Text.Json;
using Hanzo.Commerce.Node.Api.V1;
using Hanzo.Commerce.Node.Storage;
using Microsoft.AspNetCore.WebUtilities;

namespace Hanzo.Commerce.Node.Api;

/// <summary>Every error answer is problem+json (RFC 9457), whoever set its status: a handler, routing, the server or a fault.</summary>
internal static class ProblemResponses
{
    private const string ContentType = "application/problem+json";

    public static async Task Write(HttpResponse response, Problem problem)
    {
        var body = new ProblemBody(
            "about:blank",
            ReasonPhrases.GetReasonPhrase(problem.Status),
            problem.Status,
            problem.Detail,
            problem.Code,
            RequestIds.Of(response))
        {
            Errors = problem.Errors.IsEmpty ? null : problem.Errors,
            Allowed = problem.Allowed,
            Shortages = problem.Shortages,
            Reason = problem.Reason,
            Order = problem.Order,
            Changes = problem.Changes,
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, V1Json.Context.ProblemBody);
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted);
    }

    /// <summary>The stage that turns empty error answers and faults into problems.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app, ILogger log) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException refused)
        {
            context.Response.StatusCode = refused.StatusCode;
        }
        catch (StoreUnavailableException) when (!context.Response.HasStarted)
        {
            context.Response.Headers.RetryAfter = "1";
            await Write(context.Response, new Problem(StatusCodes.Status503ServiceUnavailable, "storage_unavailable", "The disk of this node takes no writes at the moment; nothing of the request was kept."));
        }
        catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            log.Fault(fault, context.Request.Method, RequestIds.Of(context.Response));
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        var response = context.Response;
        if (response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
            await Write(response, ForStatus(response.StatusCode));
    });

    private static Problem ForStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => new(status, "route_not_found", "Nothing is served at this path."),
        StatusCodes.Status405MethodNotAllowed => new(status, "method_not_allowed", "This path does not take this method; Allow lists those it takes."),
        StatusCodes.Status408RequestTimeout => new(status, "request_timeout", "The request body came too slowly."),
        StatusCodes.Status413PayloadTooLarge => new(status, "body_too_large", "The request body is larger than this path takes."),
        StatusCodes.Status500InternalServerError => new(status, "internal_error", "The node failed to answer. The request id finds the cause in its log."),
        _ => new(status, "bad_request", "The request is malformed."),
    };
}
