using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hanzo.Drills.Recording;

/// <summary>A request to v1. With a key it may be sent again, to any node.</summary>
internal sealed record Request(HttpMethod Method, string Path, object? Body = null, string? Key = null, long? Version = null);

/// <summary>What came back.</summary>
/// <param name="Code">The code of a problem, or null.</param>
/// <param name="Digest">Equal for two answers only where they say the same.</param>
/// <param name="Version">What its entity tag says, 0 without one.</param>
internal sealed record Told(int Status, JsonElement Body, string? Code, string Digest, long Version, long At)
{
    public bool Done => Status is >= 200 and < 300;
}

/// <summary>How a request ended, with its retries.</summary>
/// <param name="Answer">Null when none came in time.</param>
/// <param name="MayBeApplied">Whether a try without an answer may have taken effect, or still may.</param>
internal sealed record Ended(long Called, Told? Answer, bool MayBeApplied);

/// <summary>Sends as real clients do: to any node, and again elsewhere when that does no harm.</summary>
internal sealed class Caller(ImmutableArray<string> nodes, string apiKey, HttpClient client, Random random, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OfATry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public Task<Ended> Send(Request request) => Send(request, Patience);

    /// <param name="patience">How long it is tried again where no answer came.</param>
    public async Task<Ended> Send(Request request, TimeSpan patience)
    {
        var called = time.GetTimestamp();
        var mayBeApplied = false;
        while (time.GetElapsedTime(called) < patience)
        {
            var (answer, unseen) = await Try(request);
            if (answer is not null)
                return new Ended(called, answer, mayBeApplied);
            mayBeApplied |= unseen;
            if (mayBeApplied && request.Key is null && request.Method != HttpMethod.Get)
                break;
            await Task.Delay(Pause, time);
        }
        return new Ended(called, null, mayBeApplied);
    }

    private async Task<(Told? Answer, bool MayBeApplied)> Try(Request request)
    {
        using var message = new HttpRequestMessage(request.Method, nodes[random.Next(nodes.Length)] + request.Path);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        // Never a POST without content: .NET's client sends such a one again by itself where the connection ends before the
        // answer, and then tells only that the second try found nobody.
        if (request.Body is not null || request.Method == HttpMethod.Post)
            message.Content = JsonContent.Create(request.Body ?? new { });
        if (request.Key is not null)
            message.Headers.Add("Idempotency-Key", request.Key);
        if (request.Version is { } version)
            message.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        using var timeout = new CancellationTokenSource(OfATry, time);
        try
        {
            using var response = await client.SendAsync(message, timeout.Token);
            var text = await response.Content.ReadAsStringAsync(timeout.Token);
            var status = (int)response.StatusCode;
            if (status is 429)
                return (null, false);
            if (status >= 500)
                return (null, !(response.Headers.TryGetValues("Hanzo-Outcome", out var outcome) && outcome.Contains("not-applied")));
            using var body = JsonDocument.Parse(text);
            var code = status < 400 ? null : body.RootElement.GetProperty("code").GetString();
            // The first try with this key is still on its way.
            return code == "idempotency_key_in_use" ? (null, true) : (new Told(status, body.RootElement.Clone(), code, DigestOf(status, code ?? text), VersionOf(response), time.GetTimestamp()), false);
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return (null, false);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            return (null, true);
        }
    }

    private static long VersionOf(HttpResponseMessage response) => long.TryParse(response.Headers.ETag?.Tag.Trim('"'), CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static string DigestOf(int status, string text) => $"{status}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}";
}
