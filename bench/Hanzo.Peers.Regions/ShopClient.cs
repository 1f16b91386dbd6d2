using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Hanzo.Peers.Regions;

/// <summary>What customers of a region ask their node for. What fails in any way is false or null.</summary>
internal sealed class ShopClient(HttpClient http, string merchantKey)
{
    public const string Event = "regions.thing.happened";

    private static readonly string[] Products = ["beanie-wool", "bottle-steel", "mug-enamel", "notebook-dotted", "tea-sencha", "tote-canvas"];

    public async Task<string?> NewCart(string customer) =>
        await Send(HttpMethod.Post, "/v1/carts", $$"""{"customer":"{{customer}}","note":"ring twice"}""") is { } cart ? cart.GetProperty("id").GetString() : null;

    /// <summary>Puts one more of a product in.</summary>
    public async Task<bool> Add(string cart, int number) =>
        await Send(HttpMethod.Post, $"/v1/carts/{cart}/lines", $$"""{"product":"{{Products[number % Products.Length]}}","quantity":1}""") is not null;

    public async Task<bool> Note(string cart, string note) => await Send(HttpMethod.Patch, $"/v1/carts/{cart}", $$"""{"note":"{{note}}"}""") is not null;

    public async Task<string?> NoteOf(string cart) =>
        await Send(HttpMethod.Get, $"/v1/carts/{cart}", null) is { } found && found.TryGetProperty("note", out var note) ? note.GetString() : null;

    /// <summary>All that is in a cart; -1 where it is not known.</summary>
    public async Task<long> QuantityIn(string cart) =>
        await Send(HttpMethod.Get, $"/v1/carts/{cart}", null) is { } found ? found.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("quantity").GetInt64()) : -1;

    public async Task<bool> Browse(int number) =>
        await Send(HttpMethod.Get, number % 2 == 0 ? "/v1/products?limit=20" : $"/v1/products/{Products[number % Products.Length]}", null) is not null;

    public async Task<bool> Tell(string id, DateTimeOffset at) => await Send(HttpMethod.Post, "/v1/events", string.Create(CultureInfo.InvariantCulture,
        $$$"""{"events":[{"id":"{{{id}}}","event":"{{{Event}}}","session":"s-{{{id}}}","timestamp":"{{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}}"}]}""")) is { } receipt && receipt.GetProperty("accepted").GetInt32() == 1;

    /// <summary>How often the event was counted.</summary>
    public async Task<long> Events() =>
        await Send(HttpMethod.Get, $"/v1/analytics/counters?event={Event}&bucket=all", null) is { } found ? found.GetProperty("data").EnumerateArray().Sum(bucket => bucket.GetProperty("count").GetInt64()) : -1;

    public async Task<bool> IsReady() => await Send(HttpMethod.Get, "/readyz", null) is { } ready && ready.GetRawText().Contains("consensus", StringComparison.Ordinal);

    private async Task<JsonElement?> Send(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        if (path.StartsWith("/v1/analytics", StringComparison.Ordinal))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", merchantKey);
        try
        {
            using var response = await http.SendAsync(request);
            var answer = await response.Content.ReadAsByteArrayAsync();
            return response.IsSuccessStatusCode ? JsonDocument.Parse(answer).RootElement : null;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }
}
