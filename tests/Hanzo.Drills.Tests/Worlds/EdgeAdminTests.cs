using Hanzo.Drills.Tests.Practice;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Worlds;

public sealed class EdgeAdminTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly ScriptedEdge _edge = new();
    private readonly WatchedTime _time = new();

    public void Dispose() => _edge.Dispose();

    [Fact]
    public async Task Regions_that_are_all_up_are_seen_at_once() => Assert.Null(await Sees("us-east", "eu-west"));

    [Fact]
    public async Task A_region_that_rises_is_waited_for()
    {
        _edge.OtherRegion = "down";
        var seeing = Sees("us-east");
        await _time.IsWaitedFor();
        Assert.False(seeing.IsCompleted);

        _edge.OtherRegion = "up";
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await seeing);
    }

    [Fact]
    public async Task A_region_that_stays_down_is_named_and_so_is_one_that_the_edge_does_not_have()
    {
        _edge.OtherRegion = "down";
        Assert.Equal("does not see us-east, mars up after 3 s", await AtLast(Sees("eu-west", "us-east", "mars")));
    }

    [Fact]
    public async Task An_edge_that_does_not_answer_says_why()
    {
        _edge.Silent = true;
        Assert.Equal("does not say what it sees: connection refused after 3 s", await AtLast(Sees("us-east")));
    }

    private async Task<string?> Sees(params string[] regions)
    {
        using var admin = new EdgeAdmin(new Uri("http://edge.invalid"), null, _edge);
        return await admin.Sees(regions, Limit, _time, CancellationToken.None);
    }

    private async Task<string?> AtLast(Task<string?> seeing)
    {
        while (await Task.WhenAny(seeing, _time.IsWaitedFor()) != seeing)
            _time.Advance(TimeSpan.FromSeconds(1));
        return await seeing;
    }
}
