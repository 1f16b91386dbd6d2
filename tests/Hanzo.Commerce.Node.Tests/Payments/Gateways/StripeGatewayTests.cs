using Hanzo.Commerce.Node.Currencies;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Payments.Gateways;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Hanzo.Commerce.Node.Tests.Payments.Gateways;

public sealed class StripeGatewayTests : IDisposable
{
    private const string Intents = "/v1/payment_intents";

    private readonly WireMockServer _stripe = WireMockServer.Start();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());

    public void Dispose()
    {
        _stripe.Dispose();
        _http.Dispose();
    }

    private StripeGateway Gateway(Uri? url = null) => new("stripe", url ?? new Uri(_stripe.Url!), "sk_test_1", _http, TimeProvider.System);

    private static GatewayRequest Ask(TransactionKind kind, string? reference = null, long amount = 1_450, bool isLast = true) =>
        new($"pay_1-{kind}", kind, new Money(amount, "EUR"), "pm_card_visa", reference, isLast);

    private void Answers(string path, int status, string body, string? scenario = null, string? when = null, string? then = null)
    {
        var mapping = _stripe.Given(Request.Create().WithPath(path));
        if (scenario is not null)
        {
            var staged = mapping.InScenario(scenario);
            mapping = (when is null ? staged : staged.WhenStateIs(when));
            if (then is not null)
                mapping = mapping.WillSetStateTo(then);
        }
        mapping.RespondWith(Response.Create().WithStatusCode(status).WithHeader("Content-Type", "application/json").WithBody(body));
    }

    private WireMock.IRequestMessage[] Heard => [.. _stripe.LogEntries.Select(entry => entry.RequestMessage!)];

    [Fact]
    public async Task An_authorization_is_an_intent_that_is_captured_later()
    {
        Answers(Intents, 200, """{"id":"pi_1","status":"requires_capture"}""");
        var result = await Gateway().Perform(Ask(TransactionKind.Authorize), CancellationToken.None);

        Assert.Equal(GatewayResult.Succeeded("pi_1"), result);
        var heard = Assert.Single(Heard);
        Assert.Equal("Bearer sk_test_1", heard.Headers!["Authorization"].Single());
        Assert.Equal("pay_1-Authorize", heard.Headers["Idempotency-Key"].Single());
        Assert.Equal("amount=1450&currency=eur&payment_method=pm_card_visa&capture_method=manual&confirm=true&metadata%5Bhanzo_transaction%5D=pay_1-Authorize", heard.Body);
    }

    [Fact]
    public async Task Captures_voids_and_refunds_name_the_intent()
    {
        Answers($"{Intents}/pi_1/capture", 200, """{"id":"pi_1","status":"requires_capture"}""");
        Answers($"{Intents}/pi_1/cancel", 200, """{"id":"pi_1","status":"canceled"}""");
        Answers("/v1/refunds", 200, """{"id":"re_1","status":"pending"}""");

        Assert.Equal(GatewayResult.Succeeded("pi_1"), await Gateway().Perform(Ask(TransactionKind.Capture, "pi_1", 500, isLast: false), CancellationToken.None));
        Assert.Equal(GatewayResult.Succeeded("pi_1"), await Gateway().Perform(Ask(TransactionKind.Void, "pi_1"), CancellationToken.None));
        Assert.Equal(GatewayResult.Succeeded("re_1"), await Gateway().Perform(Ask(TransactionKind.Refund, "pi_1", 200), CancellationToken.None));
        Assert.Equal(["amount_to_capture=500&final_capture=false", "", "payment_intent=pi_1&amount=200"], Heard.Select(heard => heard.Body ?? ""));
    }

    [Theory]
    [InlineData(200, """{"id":"pi_1","status":"requires_action","next_action":{"redirect_to_url":{"url":"https://bank.example/"}}}""", "ActionRequired", null)]
    [InlineData(200, """{"id":"pi_1","status":"requires_payment_method","last_payment_error":{"decline_code":"lost_card"}}""", "Declined", "lost_card")]
    [InlineData(402, """{"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds"}}""", "Declined", "insufficient_funds")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"amount_too_small"}}""", "Declined", "amount_too_small")]
    [InlineData(401, """{"error":{"type":"authentication_error"}}""", "NotDone", "status 401")]
    [InlineData(429, """{"error":{}}""", "NotDone", "status 429")]
    [InlineData(500, "", "Unknown", "status 500")]
    [InlineData(409, """{"error":{"code":"idempotency_key_in_use"}}""", "Unknown", "status 409")]
    [InlineData(200, "<html>", "Unknown", "an answer that is no JSON")]
    [InlineData(200, """{"id":"pi_1","status":"unheard_of"}""", "Unknown", "intent unheard_of")]
    public async Task Only_what_is_certain_counts_as_done_or_not_done(int status, string body, string outcome, string? code)
    {
        Answers(Intents, status, body);
        var result = await Gateway().Perform(Ask(TransactionKind.Authorize), CancellationToken.None);
        Assert.Equal((outcome, code), ($"{result.Outcome}", result.Code));
    }

    [Fact]
    public async Task A_trouble_is_asked_about_again_under_the_same_key()
    {
        Answers(Intents, 500, "", "trouble", null, "over");
        Answers(Intents, 200, """{"id":"pi_1","status":"requires_capture"}""", "trouble", "over");

        Assert.Equal(GatewayResult.Succeeded("pi_1"), await Gateway().Perform(Ask(TransactionKind.Authorize), CancellationToken.None));
        Assert.Equal(2, Heard.Length);
        Assert.Single(Heard.Select(heard => heard.Headers!["Idempotency-Key"].Single()).Distinct());
    }

    [Fact]
    public async Task After_one_attempt_in_doubt_a_later_refusal_proves_nothing()
    {
        Answers(Intents, 500, "", "doubt", null, "busy");
        Answers(Intents, 429, "", "doubt", "busy");
        Assert.Equal(GatewayOutcome.Unknown, (await Gateway().Perform(Ask(TransactionKind.Authorize), CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task A_gateway_that_nobody_answers_for_has_done_nothing()
    {
        var dead = new Uri(_stripe.Url!);
        _stripe.Stop();
        Assert.Equal(GatewayOutcome.NotDone, (await Gateway(dead).Perform(Ask(TransactionKind.Authorize), CancellationToken.None)).Outcome);
        Assert.Equal(GatewayOutcome.Unknown, (await Gateway(dead).Find(Ask(TransactionKind.Authorize), CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task What_waits_for_the_customer_is_looked_up_and_not_asked_for_again()
    {
        Answers($"{Intents}/pi_1", 200, """{"id":"pi_1","status":"requires_capture"}""");
        Assert.Equal(GatewayResult.Succeeded("pi_1"), await Gateway().Find(Ask(TransactionKind.Authorize, "pi_1"), CancellationToken.None));
        Assert.Equal("GET", Assert.Single(Heard).Method);
    }
}
