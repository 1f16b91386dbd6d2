using System.Text.Json;
using Hanzo.Commerce.Node.Analytics;
using Hanzo.Commerce.Node.Events;
using Hanzo.Commerce.Node.Tests.Replication;

namespace Hanzo.Commerce.Node.Tests.Events;

public sealed class EventBookTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private ThreeNodes _nodes = null!;

    public async Task InitializeAsync() => _nodes = await ThreeNodes.Start();

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task Events_of_all_regions_count_once_in_each_even_when_several_regions_were_told_of_one()
    {
        // Every event goes to its own region, every third to another one as well, as after a failover.
        var told = Enumerable.Range(0, 300).Select(i => new Event($"e{i}", "page.viewed", $"s{i % 30}", null, Now, new Dictionary<string, JsonElement>())).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(node =>
            Of<EventBook>(node).Take([.. told.Where((_, i) => i % 3 == node || (i % 9 == 0 && node == 1))], CancellationToken.None)));
        await _nodes.Converge();
        for (var node = 0; node < 3; node++)
        {
            Assert.Equal(300, Of<FigureReader>(node).Count(Span, "page.viewed"));
            Assert.Equal(30, Math.Round(Of<FigureReader>(node).Uniques(Span, "page.viewed", "session")));
        }
    }

    [Fact]
    public async Task A_wiped_node_comes_to_the_same_figures()
    {
        await Of<EventBook>(0).Take([.. Enumerable.Range(0, 50).Select(i => new Event($"e{i}", "page.viewed", "s", null, Now, new Dictionary<string, JsonElement>()))], CancellationToken.None);
        await _nodes.Converge();
        await _nodes.Stop(0);
        _nodes.Wipe(0);
        await _nodes.Start(0);
        await _nodes.Converge();
        Assert.Equal(50, Of<FigureReader>(0).Count(Span, "page.viewed"));
    }

    private static HourSpan Span => new(new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero), new DateTimeOffset(Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));

    private T Of<T>(int node)
        where T : notnull => _nodes.Of<T>(node);
}
