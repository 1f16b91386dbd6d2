using System.Net;
using System.Net.Sockets;
using System.Text;
using Hanzo.Drills.Traffic;
using Hanzo.Testing;

namespace Hanzo.Drills.Tests.Traffic;

public sealed class CrowdTests : IDisposable
{
    private static readonly Customer Somebody = Customers.All[0];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CrowdTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private static Arrival At(int number, double milliseconds) => new(number, TimeSpan.FromMilliseconds(milliseconds), Somebody, ShopAction.All[0]);

    private static Doors At(params IReadOnlyList<(string Edge, string Url)> doors) => (_, _, _) => ValueTask.FromResult(doors);

    /// <summary>Answers every request, once it is told to begin.</summary>
    private async Task Serve(int requests)
    {
        for (var i = 0; i < requests; i++)
            _ = Answer(await _listener.AcceptTcpClientAsync());

        async Task Answer(TcpClient client)
        {
            using var _ = client;
            var buffer = new byte[4096];
            await _open.Task;
            if (await client.GetStream().ReadAsync(buffer) > 0)
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nHanzo-Region: eu-west\r\nRequest-Id: a1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }
    }

    [Fact]
    public async Task A_server_that_hangs_holds_nobody_back_and_everyone_waits_from_their_own_arrival()
    {
        using var crowd = new Crowd(At(("edge-1", $"http://127.0.0.1:{Port}")), TimeProvider.System);
        _ = Serve(10);
        var started = TimeProvider.System.GetTimestamp();

        var coming = crowd.Come([.. Enumerable.Range(0, 10).Select(i => At(i, i * 20))], started, default);
        await Eventually.Holds("all have come", () => TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMilliseconds(600));
        Assert.Empty(crowd.Samples);
        _open.SetResult();
        await coming;

        Assert.Equal(10, crowd.Samples.Count);
        Assert.All(crowd.Samples, sample => Assert.True(sample is { Well: true, Region: "eu-west", RequestId: "a1", Status: 200 }));
        // Had they waited for each other, only the first would have a long latency.
        Assert.All(crowd.Samples, sample => Assert.True(sample.Ended > TimeSpan.FromMilliseconds(600)));
        Assert.True(crowd.Samples.Min(sample => sample.Latency) > TimeSpan.FromMilliseconds(400));
    }

    [Fact]
    public async Task Who_finds_nobody_at_the_first_address_tries_the_next()
    {
        _open.SetResult();
        _ = Serve(1);
        using var crowd = new Crowd(At(("gone", $"http://127.0.0.1:{ReservedPorts.Take()}"), ("edge-2", $"http://127.0.0.1:{Port}")), TimeProvider.System);

        await crowd.Come([At(0, 0)], TimeProvider.System.GetTimestamp(), default);

        Assert.Equal(("edge-2", true), crowd.Samples.Select(sample => (sample.Edge, sample.Well)).Single());
    }

    [Fact]
    public async Task Who_finds_nobody_anywhere_came_in_vain()
    {
        using var crowd = new Crowd(At(("gone", $"http://127.0.0.1:{ReservedPorts.Take()}")), TimeProvider.System);

        await crowd.Come([At(0, 0)], TimeProvider.System.GetTimestamp(), default);

        Assert.Equal("ConnectionRefused", crowd.Samples.Single().Problem);
    }
}
