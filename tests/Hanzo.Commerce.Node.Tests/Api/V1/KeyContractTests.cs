using System.Net;
using System.Text.Json.Nodes;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

/// <summary>What every POST of a merchant owes to its key, over all that the description lists.</summary>
public sealed class KeyContractTests(RunningNode node) : IClassFixture<RunningNode>
{
    private const string Payment = """{"amount":{"amount":100,"currency":"EUR"},"payment_method":"card_approve"}""";

    [Fact]
    public async Task A_key_is_answered_again_also_in_quotes_and_no_other_request_may_use_it()
    {
        var description = JsonNode.Parse(await node.Client.GetStringAsync("/v1/openapi.json"))!;
        var posts = description["paths"]!.AsObject().Where(path => path.Value!["post"]?["security"] is not null).Select(path => path.Key).ToList();
        Assert.True(posts.Count >= 12);
        foreach (var template in posts)
        {
            var (path, body, other) = await Ready(template);
            var key = $"{Guid.NewGuid()}";
            var first = await node.Post(path, body, key);
            var again = await node.Post(path, body, $"\"{key}\"");

            Assert.True(first.IsSuccessStatusCode, $"{template}: {await first.Content.ReadAsStringAsync()}");
            Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
            Assert.Equal((first.StatusCode, first.Headers.Location, first.Headers.ETag), (again.StatusCode, again.Headers.Location, again.Headers.ETag));
            Assert.False(first.Headers.Contains("Idempotency-Replayed"));
            Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
            Assert.Equal("idempotency_key_reused", await ProblemCode(await node.Post(path, other, key), HttpStatusCode.UnprocessableEntity));
        }
    }

    /// <summary>A request that will succeed, and a body that makes it another one.</summary>
    private async Task<(string Path, string? Body, string Other)> Ready(string template)
    {
        var sku = $"KEY-{Guid.NewGuid():n}".ToUpperInvariant();
        await node.PutStock(sku, 10);
        var reservation = $$"""{"items":[{"sku":"{{sku}}","quantity":1}]}""";
        var order = $$"""{"items":[{"sku":"{{sku}}","quantity":1,"unit_price":{"amount":5,"currency":"EUR"} }],"payment_method":"card_approve"}""";
        return template switch
        {
            "/v1/inventory/{sku}/adjustments" => ($"/v1/inventory/{sku}/adjustments", """{"delta":1}""", """{"delta":2}"""),
            "/v1/reservations" => (template, reservation, reservation.Replace(":1", ":2", StringComparison.Ordinal)),
            "/v1/payments" => (template, Payment, Payment.Replace("100", "200", StringComparison.Ordinal)),
            "/v1/orders" => (template, order, order.Replace(":5", ":6", StringComparison.Ordinal)),
            "/v1/carts/{id}/checkout" => await Checkout(sku),
            "/v1/webhooks" => (template, """{"url":"https://1.1.1.1/a"}""", """{"url":"https://1.1.1.1/b"}"""),
            "/v1/reservations/{id}/commit" or "/v1/reservations/{id}/release" => (await Of(template, "/v1/reservations", reservation), null, "{}"),
            "/v1/orders/{id}/cancel" => (await Of(template, "/v1/orders", order), null, "{}"),
            "/v1/payments/{id}/authorize" => (await Of(template, "/v1/payments", Payment), null, "{}"),
            "/v1/payments/{id}/capture" or "/v1/payments/{id}/void" => (await Of(template, "/v1/payments", Payment, "authorize"), null, "{}"),
            "/v1/payments/{id}/refund" => (await Of(template, "/v1/payments", Payment, "authorize", "capture"), null, "{}"),
            _ => throw new ArgumentException($"{template} is new: say here how it succeeds.", nameof(template)),
        };
    }

    private async Task<(string Path, string Body, string Other)> Checkout(string sku)
    {
        var product = sku.ToLowerInvariant();
        await node.Client.SendAsync(Put(product, $$"""{"sku":"{{sku}}","name":"Cup","price":{"amount":5,"currency":"EUR"} }"""));
        var cart = (await node.Post("/v1/carts", "{}")).Headers.Location!.ToString();
        var filled = await Json(await node.Post($"{cart}/lines", $$"""{"product":"{{product}}","quantity":1}"""));
        var body = $$"""{"version":{{filled.GetProperty("version").GetRawText()}},"lines":{{filled.GetProperty("lines").GetRawText()}},"payment_method":"card_approve"}""";
        return ($"{cart}/checkout", body, body.Replace("card_approve", "card_other", StringComparison.Ordinal));
    }

    private async Task<string> Of(string template, string collection, string body, params string[] moves)
    {
        var path = (await node.Post(collection, body)).Headers.Location!.ToString();
        foreach (var move in moves)
            Assert.True((await node.Post($"{path}/{move}", null)).IsSuccessStatusCode);
        return path + template[template.LastIndexOf('/')..];
    }
}
