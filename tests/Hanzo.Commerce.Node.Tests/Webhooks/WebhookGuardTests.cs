using System.Net;
using System.Net.Sockets;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Tests.Webhooks;

public sealed class WebhookGuardTests
{
    private static WebhookGuard Guard(params string[] addresses) => new(false, (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()));

    [Theory]
    [InlineData("https://shop.example/hear", "1.1.1.1", true)]
    [InlineData("http://shop.example/hear", "1.1.1.1", false)]
    [InlineData("https://user@shop.example/", "1.1.1.1", false)]
    [InlineData("https://shop.example/#there", "1.1.1.1", false)]
    [InlineData("/hear", "1.1.1.1", false)]
    [InlineData("https://127.0.0.1/", "1.1.1.1", false)]
    [InlineData("https://[::1]/", "1.1.1.1", false)]
    [InlineData("https://2130706433/", "1.1.1.1", false)]
    [InlineData("https://0x7f.1/", "1.1.1.1", false)]
    [InlineData("https://shop.example/", "10.0.0.1", false)]
    public async Task Only_what_is_public_may_hear(string url, string address, bool isTaken) =>
        Assert.Equal(isTaken, await Guard(address).Refuse(url, CancellationToken.None) is null);

    [Fact]
    public async Task A_name_that_leads_here_as_well_is_refused_whole() =>
        Assert.NotNull(await Guard("1.1.1.1", "127.0.0.1").Refuse("https://shop.example/", CancellationToken.None));

    [Fact]
    public async Task A_name_that_moved_here_after_it_was_checked_is_not_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answers = new Queue<string>(["1.1.1.1", "127.0.0.1"]);
        var guard = new WebhookGuard(false, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())]));
        Assert.Null(await guard.Refuse("https://shop.example/", CancellationToken.None));

        using var http = guard.Http();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://shop.example:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request, CancellationToken.None));
        Assert.False(listener.Pending());
    }
}
