using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Idempotency;

namespace Hanzo.Commerce.Node.Api;

/// <summary>A request of a known merchant.</summary>
/// <param name="Body">The JSON it came with; undefined for a request without one.</param>
/// <param name="Key">Its idempotency key; null for methods that need none.</param>
internal sealed record ApiRequest(HttpContext Context, string Merchant, JsonElement Body, KeyUse? Key)
{
    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>How fresh a reading the request wants: <c>Consistency: local</c> is satisfied with what this node has.</summary>
    public Consistency Consistency => ConsistencyOf(Context.Request);

    public static Consistency ConsistencyOf(HttpRequest request) => request.Headers["Consistency"] is ["local"] ? Consistency.Local : Consistency.Linearizable;

    public string Route(string name) => (string)Context.Request.RouteValues[name]!;

    /// <summary>The key of a request, or what is wrong with it. Quoted and bare are the same key.</summary>
    public static (KeyUse? Key, Problem? Problem) ReadKey(HttpRequest request, string merchant, JsonElement body)
    {
        if (request.Headers["Idempotency-Key"] is not [{ Length: > 0 } text])
            return (null, new Problem(StatusCodes.Status400BadRequest, "idempotency_key_missing", "Send an Idempotency-Key: 1 to 255 characters that name this one request, such as a UUID."));
        var key = text is ['"', .. var quoted, '"'] ? quoted : text;
        if (key.Length is 0 or > 255 || key.AsSpan().ContainsAnyExceptInRange('!', '~') || key.AsSpan().ContainsAny('"', '\\'))
            return (null, new Problem(StatusCodes.Status400BadRequest, "idempotency_key_invalid", "An Idempotency-Key is 1 to 255 visible ASCII characters without quotes or backslashes inside."));

        var whole = $"{request.Method}\n{request.Path}\n{(body.ValueKind == JsonValueKind.Undefined ? "" : body.GetRawText())}";
        var fingerprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(whole)).AsSpan(0, 16));
        return (new KeyUse($"{merchant} {request.Path} {key}", fingerprint), null);
    }
}
