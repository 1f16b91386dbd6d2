using System.Net;
using System.Net.Sockets;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Tests.Serving;

public sealed class PeerHttpTests
{
    [Fact]
    public async Task A_connection_on_which_nothing_comes_any_more_is_given_up_for_a_new_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new PeerHttp(new NodeOptions { Region = "us-east", Name = "us-east-1", Listen = new IPEndPoint(IPAddress.Loopback, 0) });

        var asking = Ask(http, listener);
        using var silent = await listener.AcceptTcpClientAsync();
        // As over a link that was cut: it takes what is sent, and says nothing.
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => asking.WaitAsync(TimeSpan.FromSeconds(30)));

        _ = Ask(http, listener);
        using var fresh = await listener.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(fresh.Connected);
    }

    private static Task<HttpResponseMessage> Ask(PeerHttp http, TcpListener listener) => http.Invoker.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, $"http://{listener.LocalEndpoint}/")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        },
        CancellationToken.None);
}
