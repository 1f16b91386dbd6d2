using System.Net;
using Hanzo.Commerce.Node.Auth;
using Hanzo.Commerce.Node.Serving;
using Hanzo.Testing;

namespace Hanzo.Commerce.Node.Tests.Auth;

public sealed class RateLimitedNodeTests
{
    [Fact]
    public async Task Who_asks_too_much_is_told_when_to_come_back_and_how_much_may_be_asked()
    {
        await using var app = NodeHost.Build(new NodeOptions { Region = "us-east", Name = "us-east-1", Listen = new IPEndPoint(IPAddress.Loopback, 0), ApiKeys = ApiKeys.Development("hk_dev_tests"), RequestsPerSecond = 1 }, TimeProvider.System);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(NodeHost.AddressOf(app)), DefaultRequestHeaders = { { "Authorization", "Bearer hk_dev_tests" } } };

        // One a second: of those that come as fast as they can one is soon too many.
        HttpResponseMessage answer = null!;
        await Eventually.Holds("one is too many", async () => (answer = await client.GetAsync("/v1/inventory")).StatusCode == HttpStatusCode.TooManyRequests);

        Assert.Equal("rate_limited", await RunningNode.ProblemCode(answer, HttpStatusCode.TooManyRequests));
        Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal("\"merchant\";q=1;w=1", answer.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"merchant\";r=0;t=1", answer.Headers.GetValues("RateLimit").Single());
    }
}
