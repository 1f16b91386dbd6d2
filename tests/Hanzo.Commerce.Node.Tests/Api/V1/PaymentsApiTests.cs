using System.Net;
using System.Text.Json;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class PaymentsApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    private async Task<string> New(string method, long amount = 2500)
    {
        var created = await node.Post("/v1/payments", $$"""{"amount":{"amount":{{amount}},"currency":"EUR"},"payment_method":"{{method}}","country":"DE"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return (await Json(created)).GetProperty("id").GetString()!;
    }

    private Task<HttpResponseMessage> Do(string id, string move, string? body = null, string? key = null) => node.Post($"/v1/payments/{id}/{move}", body, key);

    private static string Status(JsonElement payment) => payment.GetProperty("status").GetString()!;

    [Fact]
    public async Task An_amount_is_authorized_captured_in_part_and_given_back()
    {
        var id = await New("card_approve");

        Assert.Equal("authorized", Status(await Json(await Do(id, "authorize"))));
        Assert.Equal("partially_captured", Status(await Json(await Do(id, "capture", """{"amount":{"amount":1000,"currency":"EUR"}}"""))));
        Assert.Equal("captured", Status(await Json(await Do(id, "capture"))));
        var refunded = await Json(await Do(id, "refund"));

        Assert.Equal("refunded", Status(refunded));
        Assert.Equal(["authorize", "capture", "capture", "refund"], refunded.GetProperty("transactions").EnumerateArray().Select(one => one.GetProperty("kind").GetString()!));
        Assert.Equal(refunded.ToString(), (await node.Get($"/v1/payments/{id}")).ToString());
    }

    [Fact]
    public async Task A_repeated_authorization_is_answered_and_asks_nobody()
    {
        var id = await New("card_approve");
        var first = await Do(id, "authorize", key: "once");
        await Do(id, "capture");
        var again = await Do(id, "authorize", key: "once");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("captured", Status(await node.Get($"/v1/payments/{id}")));
    }

    [Fact]
    public async Task A_decline_says_why_and_ends_the_payment()
    {
        var id = await New("card_declined_insufficient_funds");
        var declined = await Do(id, "authorize");

        Assert.Equal("payment_declined", await ProblemCode(declined, HttpStatusCode.PaymentRequired));
        Assert.Equal("insufficient_funds", (await Json(declined)).GetProperty("reason").GetString());
        Assert.Equal("failed", Status(await node.Get($"/v1/payments/{id}")));
    }

    [Fact]
    public async Task An_illegal_move_lists_the_legal_ones()
    {
        var refused = await Do(await New("card_approve"), "capture");
        Assert.Equal("payment_state_conflict", await ProblemCode(refused, HttpStatusCode.Conflict));
        Assert.Equal(["authorize", "void"], (await Json(refused)).GetProperty("allowed").EnumerateArray().Select(move => move.GetString()!));
    }

    [Fact]
    public async Task A_customer_who_has_to_agree_is_sent_somewhere_and_comes_back()
    {
        var id = await New("card_requires_action");
        var waiting = await Json(await Do(id, "authorize"));
        Assert.Equal("requires_action", Status(waiting));
        Assert.StartsWith("https://", waiting.GetProperty("action_url").GetString(), StringComparison.Ordinal);

        var agreed = await Json(await Do(id, "authorize"));
        Assert.Equal("authorized", Status(agreed));
        Assert.False(agreed.TryGetProperty("action_url", out _));
    }

    [Fact]
    public async Task A_gateway_that_answers_too_late_has_still_charged_once()
    {
        var id = await New("card_timeout_after_success");
        var authorized = await Json(await Do(id, "authorize"));
        Assert.Equal("authorized", Status(authorized));
        Assert.Equal(1, authorized.GetProperty("transactions").GetArrayLength());
    }

    [Fact]
    public async Task When_nobody_was_reached_nothing_happened_and_the_key_is_free()
    {
        var id = await New("card_unreachable");
        var refused = await Do(id, "authorize", key: "again");

        Assert.Equal("gateway_unavailable", await ProblemCode(refused, HttpStatusCode.ServiceUnavailable));
        Assert.Equal("not-applied", refused.Headers.GetValues("Hanzo-Outcome").Single());
        Assert.Equal("requires_payment", Status(await node.Get($"/v1/payments/{id}")));
        Assert.Equal("gateway_unavailable", await ProblemCode(await Do(id, "authorize", key: "again"), HttpStatusCode.ServiceUnavailable));
        Assert.Equal(2, (await node.Get($"/v1/payments/{id}")).GetProperty("transactions").GetArrayLength());
    }

    [Fact]
    public async Task Amounts_are_checked_against_what_remains()
    {
        var id = await New("card_approve");
        await Do(id, "authorize");
        Assert.Equal("amount_too_large", await ProblemCode(await Do(id, "capture", """{"amount":{"amount":2501,"currency":"EUR"}}"""), HttpStatusCode.Conflict));
        Assert.Equal("currency_mismatch", await ProblemCode(await Do(id, "capture", """{"amount":{"amount":1,"currency":"USD"}}"""), HttpStatusCode.Conflict));
        Assert.Equal("invalid_value", await ProblemCode(await Do(id, "capture", """{"amount":{"amount":0,"currency":"EUR"}}"""), HttpStatusCode.BadRequest));
        Assert.Equal("unknown_member", await ProblemCode(await Do(id, "void", """{"amount":{"amount":1,"currency":"EUR"}}"""), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task The_same_key_makes_one_payment()
    {
        const string body = """{"amount":{"amount":100,"currency":"JPY"},"payment_method":"card_approve"}""";
        var first = await node.Post("/v1/payments", body, "one-payment");
        var again = await node.Post("/v1/payments", body, "one-payment");
        var other = await node.Post("/v1/payments", body.Replace("100", "200", StringComparison.Ordinal), "one-payment");

        Assert.Equal((await Json(first)).ToString(), (await Json(again)).ToString());
        Assert.Equal((first.StatusCode, first.Headers.Location, first.Headers.ETag), (again.StatusCode, again.Headers.Location, again.Headers.ETag));
        Assert.Equal("idempotency_key_reused", await ProblemCode(other, HttpStatusCode.UnprocessableEntity));
    }
}
