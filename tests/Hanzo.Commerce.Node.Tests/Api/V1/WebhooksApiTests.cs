using System.Net;
using static Hanzo.Commerce.Node.Tests.RunningNode;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

public sealed class WebhooksApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    [Fact]
    public async Task A_webhook_is_added_once_read_without_its_secret_and_removed()
    {
        const string body = """{"url":"https://1.1.1.1/hear","events":["order.confirmed"]}""";
        var added = await node.Post("/v1/webhooks", body, "one-webhook");
        var again = await node.Post("/v1/webhooks", body, "one-webhook");
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(await added.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.StartsWith("whsec_", (await Json(added)).GetProperty("secret").GetString(), StringComparison.Ordinal);

        var path = added.Headers.Location!.ToString();
        Assert.False((await node.Get(path)).TryGetProperty("secret", out _));
        Assert.Contains((await node.Get("/v1/webhooks")).GetProperty("data").EnumerateArray(), one => path.EndsWith(one.GetProperty("id").GetString()!, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NoContent, (await node.Merchant.DeleteAsync(path)).StatusCode);
        Assert.Equal("webhook_not_found", await ProblemCode(await node.Merchant.DeleteAsync(path), HttpStatusCode.NotFound));
        Assert.Equal("webhook_not_found", await ProblemCode(await node.Merchant.GetAsync(path), HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("""{"url":"http://1.1.1.1/"}""")]
    [InlineData("""{"url":"https://127.0.0.1/"}""")]
    [InlineData("""{"url":"https://localhost/"}""")]
    [InlineData("""{"url":"https://1.1.1.1/","events":["payment.unheard_of"]}""")]
    [InlineData("""{"url":"https://1.1.1.1/","events":[]}""")]
    public async Task What_cannot_be_a_webhook_is_refused(string body) =>
        Assert.Equal("invalid_value", await ProblemCode(await node.Post("/v1/webhooks", body), HttpStatusCode.BadRequest));
}
