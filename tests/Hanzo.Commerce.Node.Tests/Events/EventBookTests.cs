using System.Text.Json;
using Hanzo.Commerce.Crdt.Sketches;
using Hanzo.Commerce.Node.Analytics;
using Hanzo.Commerce.Node.Events;
using Hanzo.Commerce.Node.Storage;
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

    [Fact]
    public async Task A_funnel_counts_the_visitors_of_all_slices_and_those_that_were_kept_before_there_were_any()
    {
        await Of<EventBook>(0).Take([.. Enumerable.Range(0, 300).Select(i => Seen($"e{i}", "page.viewed", i)), .. Enumerable.Range(0, 90).Select(i => Seen($"f{i}", "cart.filled", i))], CancellationToken.None);
        await Of<Store>(0).Change(transaction =>
        {
            foreach (var step in new[] { "page.viewed", "cart.filled" })
                transaction.Derive(Figures.Visitors, Figures.KeyOf(Now, step), Cohort.Empty.Add(StableHash.Of("of before"), 1));
            return true;
        });
        var (sessions, coverage) = Of<FigureReader>(0).Funnel(Span, ["page.viewed", "cart.filled"]);
        Assert.Equal([301, 91], sessions);
        Assert.Equal(1, coverage);
    }

    private static Event Seen(string id, string name, int session) => new(id, name, $"s{session}", null, Now, new Dictionary<string, JsonElement>());

    private static HourSpan Span => new(new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero), new DateTimeOffset(Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));

    private T Of<T>(int node)
        where T : notnull => _nodes.Of<T>(node);
}
