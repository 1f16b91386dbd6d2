using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Hanzo.Commerce.Node.Api;

/// <summary>Every response names its request, so that a client's report finds the line in a log.</summary>
internal static partial class RequestIds
{
    private const string Header = "Request-Id";

    /// <summary>Keeps the caller's id when it is a plain token (the edge sets one), else makes one that sorts by time.</summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app, TimeProvider time)
    {
        // Drawn once: the operating system takes as long to draw for each request as the request takes to be parsed.
        var life = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var count = 0L;
        return app.Use((context, next) =>
        {
            var asked = context.Request.Headers[Header];
            context.Response.Headers[Header] = asked is [{ } id] && Plain.IsMatch(id)
                ? id
                : string.Create(CultureInfo.InvariantCulture, $"req_{time.GetUtcNow().ToUnixTimeMilliseconds():x12}{life}{Interlocked.Increment(ref count):x8}");
            return next(context);
        });
    }

    public static string Of(HttpResponse response) => response.Headers[Header].ToString();

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,128}\z")]
    private static partial Regex Plain { get; }
}
