using Hanzo.System.Tests.Support;

namespace Hanzo.System.Tests;

/// <summary>A region's node fails under load, as real processes do. The clients are in London, whose region is eu-west.</summary>
[Collection(Lanes.Edges)]
public sealed class FailoverProcessTests : IAsyncLifetime
{
    private const int Clients = 8;

    private EdgeWorld _world = null!;

    public async Task InitializeAsync() => _world = await EdgeWorld.Start();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task No_client_notices_that_the_nearest_region_is_killed() => await Under(() => _world.KillNode("eu-west"));

    [Fact]
    public async Task No_client_gets_an_error_when_the_nearest_region_freezes() => await Under(() =>
    {
        _world.SignalNode("eu-west", "STOP");
        return Task.CompletedTask;
    });

    private async Task Under(Func<Task> fault)
    {
        Assert.Equal("eu-west", await _world.RegionOf(EdgeWorld.London));
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => Ask(stop.Token))).ToList();
        await Answered(clients, 200);

        await fault();
        await Answered(clients, 400);
        await stop.CancelAsync();

        var regions = (await Task.WhenAll(clients)).SelectMany(of => of).ToList();
        Assert.All(regions, region => Assert.Contains(region, (string[])["eu-west", "us-east"]));
        Assert.Contains("eu-west", regions);
        Assert.Equal("us-east", regions[^1]);
    }

    private int _answers;

    private Task Answered(IEnumerable<Task> clients, int more)
    {
        var until = Volatile.Read(ref _answers) + more;
        return Hanzo.Testing.Eventually.Holds($"{more} more requests are answered", () =>
            clients.Any(client => client.IsFaulted) || Volatile.Read(ref _answers) >= until, TimeSpan.FromSeconds(30));
    }

    private async Task<List<string>> Ask(CancellationToken stop)
    {
        var regions = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _world.Products);
            request.Headers.Add("X-Forwarded-For", EdgeWorld.London);
            using var response = await Http.Client.SendAsync(request, CancellationToken.None);
            response.EnsureSuccessStatusCode();
            regions.Add(response.Headers.GetValues("Hanzo-Region").Single());
            Interlocked.Increment(ref _answers);
        }
        return regions;
    }
}
