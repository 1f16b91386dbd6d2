using Hanzo.Drills.Traffic;
using Hanzo.Testing;

namespace Hanzo.Drills.Tests.Traffic;

public sealed class CardGatewayTests : IDisposable
{
    private readonly CardGateway _gateway = new(seed: 1);
    private readonly HttpClient _client = new();
    private readonly int _port = ReservedPorts.Take();

    public CardGatewayTests() => _gateway.Open(_port);

    public void Dispose()
    {
        _gateway.Dispose();
        _client.Dispose();
    }

    private Task<string> Post(string path, string key) => Post(path, key, ("payment_method", "pm_drill_1"));

    private async Task<string> Post(string path, string key, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_port}/v1/{path}") { Content = new FormUrlEncodedContent(form.ToDictionary(field => field.Name, field => field.Value)) };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await _client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task A_key_that_comes_again_charges_nothing_and_another_key_charges_twice()
    {
        var first = await Post("payment_intents", "a");
        Assert.Equal(first, await Post("payment_intents", "a"));
        Assert.Equal(1, _gateway.Charges["pm_drill_1"]);

        Assert.NotEqual(first, await Post("payment_intents", "b"));
        Assert.Equal(2, _gateway.Charges["pm_drill_1"]);
    }

    [Fact]
    public async Task What_is_canceled_is_no_charge()
    {
        Assert.Equal("""{"id":"pi_1","status":"requires_capture"}""", await Post("payment_intents", "a"));
        Assert.Equal("""{"id":"pi_1","status":"canceled"}""", await Post("payment_intents/pi_1/cancel", "c"));

        Assert.Empty(_gateway.Charges);
    }

    [Fact]
    public async Task What_was_taken_can_go_back_and_no_more()
    {
        await Post("payment_intents", "a");
        await Post("payment_intents/pi_1/capture", "b", ("amount_to_capture", "30"));
        await Post("payment_intents/pi_1/capture", "c", ("amount_to_capture", "20"));

        Assert.Contains("\"succeeded\"", await Post("refunds", "d", ("payment_intent", "pi_1"), ("amount", "45")), StringComparison.Ordinal);
        Assert.Contains("charge_already_refunded", await Post("refunds", "e", ("payment_intent", "pi_1"), ("amount", "6")), StringComparison.Ordinal);
        Assert.Contains("\"succeeded\"", await Post("refunds", "f", ("payment_intent", "pi_1"), ("amount", "5")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Now_and_then_it_charges_and_does_not_say_so()
    {
        var failed = 0;
        for (var i = 0; i < 200; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_port}/v1/payment_intents") { Content = new FormUrlEncodedContent([new("payment_method", $"pm_{i}")]) };
            request.Headers.Add("Idempotency-Key", $"{i}");
            using var answer = await _client.SendAsync(request);
            failed += answer.IsSuccessStatusCode ? 0 : 1;
        }

        Assert.InRange(failed, 1, 20);
        Assert.Equal(200, _gateway.Charges.Count);
    }
}
