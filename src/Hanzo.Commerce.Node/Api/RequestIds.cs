using System.Text.RegularExpressions;

namespace Hanzo.Commerce.Node.Api;

/// <summary>Every response names its request, so that a client's report finds the line in a log.</summary>
internal static partial class RequestIds
{
    private const string Header = "Request-Id";

    /// <summary>Keeps the caller's id when it is a plain token (the edge sets one), else makes one that sorts by time.</summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app, TimeProvider time) => app.Use((context, next) =>
    {
        var asked = context.Request.Headers[Header];
        context.Response.Headers[Header] = asked is [{ } id] && Plain.IsMatch(id)
            ? id
            : $"req_{Guid.CreateVersion7(time.GetUtcNow()):n}";
        return next(context);
    });

    public static string Of(HttpResponse response) => response.Headers[Header].ToString();

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,128}\z")]
    private static partial Regex Plain { get; }
}
