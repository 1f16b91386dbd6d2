using System.Globalization;

namespace Hanzo.Commerce.Node.Api;

/// <summary>An answer as a value: what is sent follows from it alone, so a repeated request gets the same bytes.</summary>
/// <param name="Json">The body, or null for none.</param>
internal sealed record ApiAnswer(int Status, byte[]? Json = null)
{
    public Problem? Problem { get; init; }

    /// <summary>Of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Writes the body as it comes to be, in place of <see cref="Json"/>.</summary>
    public Func<HttpResponse, Task>? Stream { get; init; }

    public string? ETag { get; init; }

    public string? Location { get; init; }

    /// <summary>Whether an earlier request with the same key was answered so.</summary>
    public bool IsRepeated { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether a command that got no answer was applied: "unknown" or "not-applied".</summary>
    public string? Outcome { get; init; }

    /// <summary>How old the state may be that a local reading was answered from.</summary>
    public TimeSpan? Staleness { get; init; }

    public static ApiAnswer Refuse(int status, string code, string detail) => new(status) { Problem = new Problem(status, code, detail) };

    public static implicit operator ApiAnswer(Problem problem) => new(problem.Status) { Problem = problem };

    public async Task Write(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ETag = ETag;
        headers.Location = Location;
        if (IsRepeated)
            headers["Idempotency-Replayed"] = "true";
        if (RetryAfter is { } wait)
            headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (Outcome is not null)
            headers["Hanzo-Outcome"] = Outcome;
        if (Staleness is { } age)
            headers["Hanzo-Staleness"] = age.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        if (Problem is not null)
        {
            await ProblemResponses.Write(response, Problem);
            return;
        }
        response.StatusCode = Status;
        if (Stream is not null)
        {
            response.ContentType = ContentType;
            await Stream(response);
            return;
        }
        if (Json is null)
            return;
        response.ContentType = ContentType;
        response.ContentLength = Json.Length;
        await response.Body.WriteAsync(Json, response.HttpContext.RequestAborted);
    }
}
