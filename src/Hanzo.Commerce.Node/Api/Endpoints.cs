using System.Globalization;
using System.Text.Json;
using Hanzo.Commerce.Node.Auth;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Api;

/// <summary>What every endpoint of a merchant's data has in common: who asks, how much, with which body and which key.</summary>
internal sealed class Endpoints(ApiKeys keys, RateLimits limits)
{
    private static readonly string[] Reading = ["GET", "HEAD"];
    private static readonly string Window = RateLimits.Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private readonly string _policy = $"\"merchant\";q={limits.Quota};w={Window}";

    /// <summary>What may be long, such as a list.</summary>
    public void Read(IEndpointRouteBuilder routes, string pattern, Func<ApiRequest, ValueTask<ApiAnswer>> answer) => Reads(routes, pattern, answer);

    /// <summary>One thing that memory has.</summary>
    public void ReadOne(IEndpointRouteBuilder routes, string pattern, Func<ApiRequest, ValueTask<ApiAnswer>> answer) =>
        Reads(routes, pattern, answer).WithMetadata(ShortSteps.Mark);

    public void Put(IEndpointRouteBuilder routes, string pattern, Func<ApiRequest, ValueTask<ApiAnswer>> answer) =>
        routes.MapPut(pattern, (RequestDelegate)(context => Answer(context, answer, hasBody: true, hasKey: false))).WithMetadata(ShortSteps.Mark);

    /// <summary>A DELETE needs no key: done twice it comes to the same.</summary>
    public void Delete(IEndpointRouteBuilder routes, string pattern, Func<ApiRequest, ValueTask<ApiAnswer>> answer) =>
        routes.MapDelete(pattern, (RequestDelegate)(context => Answer(context, answer, hasBody: false, hasKey: false))).WithMetadata(ShortSteps.Mark);

    /// <summary>A POST with a body and a key.</summary>
    public void Post(IEndpointRouteBuilder routes, string pattern, Func<ApiRequest, ValueTask<ApiAnswer>> answer) =>
        routes.MapPost(pattern, (RequestDelegate)(context => Answer(context, answer, hasBody: true, hasKey: true))).WithMetadata(ShortSteps.Mark);

    /// <summary>A POST that says everything by its path; a body may be sent and is then an object.</summary>
    public void PostBare(IEndpointRouteBuilder routes, string pattern, Func<ApiRequest, ValueTask<ApiAnswer>> answer) =>
        routes.MapPost(pattern, (RequestDelegate)(context => Answer(context, answer, context.Request.ContentType is not null, hasKey: true))).WithMetadata(ShortSteps.Mark);

    private IEndpointConventionBuilder Reads(IEndpointRouteBuilder routes, string pattern, Func<ApiRequest, ValueTask<ApiAnswer>> answer) =>
        routes.MapMethods(pattern, Reading, (RequestDelegate)(context => Answer(context, answer, hasBody: false, hasKey: false)));

    private async Task Answer(HttpContext context, Func<ApiRequest, ValueTask<ApiAnswer>> answer, bool hasBody, bool hasKey)
    {
        if (MerchantOf(context.Request) is not { } merchant)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Refuse(context, new Problem(StatusCodes.Status401Unauthorized, "unauthorized", "Send Authorization: Bearer with an API key of the merchant."));
            return;
        }
        if (!IsWithinLimit(context.Response, merchant))
        {
            context.Response.Headers.RetryAfter = "1";
            await Refuse(context, new Problem(StatusCodes.Status429TooManyRequests, "rate_limited", "More requests than this merchant may make. Wait, then go on more slowly."));
            return;
        }
        var (document, problem) = hasBody ? await StrictJson.Read(context.Request) : default;
        using (document)
        {
            var (body, key) = (document?.RootElement ?? default, default(KeyUse));
            if (problem is null && hasKey)
                (key, problem) = ApiRequest.ReadKey(context.Request, merchant, body);
            await (problem is null ? await answer(new ApiRequest(context, merchant, body, key)) : problem).Write(context.Response);
        }
    }

    private string? MerchantOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? keys.MerchantOf(header["Bearer ".Length..].Trim())
            : null;

    /// <summary>Counts the request and tells what is left (draft-ietf-httpapi-ratelimit-headers).</summary>
    private bool IsWithinLimit(HttpResponse response, string merchant)
    {
        var limit = limits.Take(merchant);
        response.Headers["RateLimit-Policy"] = _policy;
        response.Headers["RateLimit"] = $"\"merchant\";r={limit.Remaining};t={Window}";
        return limit.IsWithin;
    }

    private static Task Refuse(HttpContext context, ApiAnswer answer) => answer.Write(context.Response);
}
