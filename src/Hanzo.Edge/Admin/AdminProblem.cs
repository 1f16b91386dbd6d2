namespace Hanzo.Edge.Admin;

/// <summary>Refusals of the admin side: problem details (RFC 9457).</summary>
internal static class AdminProblem
{
    /// <summary>A refusal; without a title, in the status's own words.</summary>
    public static IResult Of(int status, string detail, string? title = null)
    {
        // Left to write itself, the result would ask for a serializer that looks at types.
        var problem = TypedResults.Problem(detail, statusCode: status, title: title);
        return TypedResults.Json(problem.ProblemDetails, AdminJson.Readable.ProblemDetails, problem.ContentType, status);
    }

    /// <summary>Refuses a request.</summary>
    public static Task AnswerAsync(HttpContext context, int status, string detail) => Of(status, detail).ExecuteAsync(context);
}
