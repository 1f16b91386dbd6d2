using System.Net;
using System.Net.Sockets;
using System.Text;
using Hanzo.Drills.Faults;
using Hanzo.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Drills.Tests.Faults;

public sealed class FaultyLinkTests : IAsyncDisposable
{
    private readonly int _port = ReservedPorts.Take();
    private readonly TcpListener _node = new(IPAddress.Loopback, 0);
    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Eventually.Patience };
    private readonly FaultyLink _link;

    public FaultyLinkTests()
    {
        _node.Start();
        _link = new FaultyLink(_port, ((IPEndPoint)_node.LocalEndpoint).Port, new Random(1), _time);
        _link.Open();
        _ = Serve();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _link.DisposeAsync();
        _node.Dispose();
    }

    private async Task Serve()
    {
        while (true)
            _ = Answer(await _node.AcceptTcpClientAsync());

        static async Task Answer(TcpClient client)
        {
            using var _ = client;
            var buffer = new byte[4096];
            while (await client.GetStream().ReadAsync(buffer) > 0)
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
        }
    }

    private async Task<int> Status(string path = "/v1/products")
    {
        using var response = await _client.GetAsync($"http://127.0.0.1:{_port}{path}");
        return (int)response.StatusCode;
    }

    [Fact]
    public async Task An_honest_link_hands_everything_on()
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal("hi", await _client.GetStringAsync($"http://127.0.0.1:{_port}/"));
    }

    [Fact]
    public async Task A_refusing_link_resets_what_is_open_and_listens_to_nobody_until_it_is_mended()
    {
        Assert.Equal(200, await Status());

        _link.Behave(new LinkBehaviour { Refuse = true });
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Status());
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);

        _link.Behave(LinkBehaviour.Honest);
        Assert.Equal(200, await Status());
    }

    [Fact]
    public async Task An_erring_link_answers_in_the_nodes_place_but_spares_probes()
    {
        _link.Behave(new LinkBehaviour { Status = 503, ProbesSpared = true });

        Assert.Equal(503, await Status());
        Assert.Equal(200, await Status("/readyz"));
        _link.Behave(new LinkBehaviour { Status = 503 });
        Assert.Equal(503, await Status("/readyz"));
    }

    [Fact]
    public async Task A_share_of_the_requests_suffers_even_on_one_connection()
    {
        _link.Behave(new LinkBehaviour { Status = 500, Share = 0.3 });
        var failed = 0;
        for (var i = 0; i < 200; i++)
            failed += await Status() == 500 ? 1 : 0;

        Assert.InRange(failed, 40, 80);
    }

    [Fact]
    public async Task A_slow_link_hands_on_later()
    {
        _link.Behave(new LinkBehaviour { Delay = TimeSpan.FromSeconds(2) });
        var request = Status();
        await Task.WhenAny(request, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        Assert.False(request.IsCompleted);

        await Eventually.Holds("it is handed on", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return request.IsCompleted;
        });
        Assert.Equal(200, await request);
    }

    [Fact]
    public async Task A_swallowing_link_takes_requests_and_never_answers()
    {
        _link.Behave(new LinkBehaviour { Swallow = true });
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.GetAsync($"http://127.0.0.1:{_port}/", giveUp.Token));
    }

    [Fact]
    public async Task Who_moves_is_at_both_addresses_for_a_while_and_then_at_the_new_one_alone()
    {
        var there = IPAddress.Parse("127.0.3.1");
        Assert.Equal("hi", await _client.GetStringAsync($"http://127.0.0.1:{_port}/"));

        _link.AlsoAt(there);
        Assert.Equal("hi", await _client.GetStringAsync($"http://127.0.0.1:{_port}/"));
        Assert.Equal("hi", await _client.GetStringAsync($"http://{there}:{_port}/"));

        _link.OnlyAt(there);
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetStringAsync($"http://127.0.0.1:{_port}/"));
        Assert.Equal("hi", await _client.GetStringAsync($"http://{there}:{_port}/"));
    }
}
