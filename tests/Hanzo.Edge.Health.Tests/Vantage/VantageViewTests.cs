using System.Collections.Immutable;
using CsCheck;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Health.Vantage;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Health.Tests.Vantage;

public sealed class VantageViewTests
{
    [Fact]
    public void A_region_that_one_of_three_sees_down_stays_in()
    {
        var view = View("a: eu- us+", "b: eu+ us+", "c: eu+ us+");

        Assert.Empty(view.Withdrawn);
        Assert.Equal(["a", "b", "c"], view.Voters);
    }

    [Fact]
    public void A_region_that_most_see_down_is_withdrawn_even_where_it_is_seen_up() =>
        Assert.Equal(StateClasses.All, View("a: eu+ us+", "b: eu- us+", "c: eu- us+").Withdrawn["eu"]);

    [Fact]
    public void A_tie_stays_in() => Assert.Empty(View("a: eu- us+", "b: eu+ us+").Withdrawn);

    [Fact]
    public void Only_the_state_class_that_most_miss_is_withdrawn() =>
        Assert.Equal(StateClasses.Consensus, View("a: eu=read,local-write us+", "b: eu=read,local-write us+", "c: eu+ us+").Withdrawn["eu"]);

    [Fact]
    public void Who_sees_everything_down_distrusts_itself_and_does_not_count()
    {
        var view = View("a: eu- us-", "b: eu+ us-", "c: eu+ us+");

        Assert.Equal(["b", "c"], view.Voters);
        Assert.Empty(view.Withdrawn);
    }

    [Fact]
    public void Where_everyone_sees_everything_down_nothing_is_withdrawn() =>
        Assert.Empty(View("a: eu- us-", "b: eu- us-", "c: eu- us-").Withdrawn);

    [Fact]
    public void An_edge_that_hears_fewer_than_half_is_cut_off_itself()
    {
        var view = VantageView.Of(Report("a: eu- us+"), [], ["b", "c"]);

        Assert.False(view.HasQuorum);
        Assert.Empty(view.Withdrawn);
        Assert.Empty(view.LostEdges);
    }

    [Fact]
    public void One_of_two_that_is_left_alone_decides()
    {
        var view = VantageView.Of(Report("a: eu- us+"), [], ["b"]);

        Assert.Equal(StateClasses.All, view.Withdrawn["eu"]);
        Assert.Equal(["b"], view.LostEdges);
    }

    [Fact]
    public void Who_has_not_looked_yet_or_does_not_know_a_region_has_no_vote() =>
        Assert.Equal(["eu"], View("a: eu- us+", "b: eu? us+", "c: us+").Withdrawn.Keys);

    [Fact]
    public void An_edge_is_lost_when_most_of_the_others_do_not_hear_it()
    {
        Assert.Equal(["c"], VantageView.Of(Report("a: eu+", "b"), [Report("b: eu+", "a")], ["b", "c"]).LostEdges);
        Assert.Empty(VantageView.Of(Report("a: eu+", "b"), [Report("b: eu+", "a", "c")], ["b", "c"]).LostEdges);
    }

    [Fact]
    public void An_edge_that_takes_no_clients_is_lost_by_its_own_word_and_still_votes()
    {
        var view = VantageView.Of(Report("a: eu- us+", "b", "c"), [Report("b: eu- us+", "a", "c") with { TakesClients = false }, Report("c: eu+ us+", "a", "b")], ["b", "c"]);

        Assert.Equal(["b"], view.LostEdges);
        Assert.Equal(StateClasses.All, view.Withdrawn["eu"]);
    }

    [Fact]
    public void An_edge_that_takes_no_clients_leaves_its_own_answers_too()
    {
        var takesClients = true;
        var desk = new VantageDesk(new FakeTimeProvider(), "a", ["b"], TimeSpan.FromSeconds(1), () => takesClients);
        var health = Snapshot(("eu", HealthState.Up));
        desk.Take(Report("b: eu+", "a"));
        Assert.Empty(desk.View(health).LostEdges);

        takesClients = false;

        Assert.Equal(["a"], desk.View(health).LostEdges);
    }

    [Fact]
    public void What_is_seen_together_takes_the_place_of_what_one_sees_and_overrides_stay()
    {
        var own = Snapshot(("eu", HealthState.Down), ("us", HealthState.Up), ("ap", HealthState.Unknown));
        var view = VantageView.Of(VantageReport.Of("a", own, ["b", "c"]), [Report("b: eu+ us-"), Report("c: eu+ us-")], ["b", "c"]);

        var together = view.Over(own);

        Assert.Equal([HealthState.Up, HealthState.Down, HealthState.Unknown], together.Regions.Select(region => region.Observed));
        Assert.Equal(0b001UL, together.Healthy);
        Assert.Same(own.Topology, together.Topology);
    }

    [Fact]
    public void No_minority_ever_withdraws_and_no_majority_ever_fails_to() =>
        Gen.Select(Gen.Bool.Array[1, 9], Gen.Int[0, 4]).Sample((sees, silent) =>
        {
            var reports = sees.Select((up, i) => Report($"e{i}: eu{(up ? '+' : '-')} us+")).ToList();
            var view = VantageView.Of(reports[0], reports[1..], [.. Enumerable.Range(1, sees.Length - 1 + silent).Select(i => $"e{i}")]);
            var down = sees.Count(up => !up);
            Assert.Equal(sees.Length * 2 >= sees.Length + silent && down * 2 > sees.Length, view.Withdrawn.ContainsKey("eu"));
        });

    [Fact]
    public void A_report_counts_for_three_exchanges()
    {
        var clock = new FakeTimeProvider();
        var desk = new VantageDesk(clock, "a", ["b"], TimeSpan.FromSeconds(1), () => true);
        var health = Snapshot(("eu", HealthState.Up));
        desk.Take(Report("b: eu+"));
        desk.Take(Report("stranger: eu-"));

        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["a", "b"], desk.View(health).Voters);
        Assert.Equal(["b"], desk.Own(health).Hears);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(["a"], desk.View(health).Voters);
        Assert.Equal(TimeSpan.FromSeconds(3.1), desk.Ages()["b"]);
    }

    private static VantageView View(params string[] reports) =>
        VantageView.Of(Report(reports[0]), [.. reports[1..].Select(report => Report(report))], [.. reports[1..].Select(report => report.Split(':')[0])]);

    /// <summary>"edge: region+ region- region? region=read,consensus": up, down, not looked yet, up for some classes.</summary>
    private static VantageReport Report(string line, params string[] hears)
    {
        var parts = line.Split(':', StringSplitOptions.TrimEntries);
        return new VantageReport(parts[0], parts[1].Split(' ').Select(Sight).ToImmutableDictionary(one => one.Region, one => one.Sight), [.. hears]);
    }

    private static (string Region, RegionSight Sight) Sight(string text) => text[^1] switch
    {
        '+' => (text[..^1], new(HealthState.Up, StateClasses.All)),
        '-' => (text[..^1], new(HealthState.Down, StateClasses.None)),
        '?' => (text[..^1], new(HealthState.Unknown, StateClasses.None)),
        _ => (text.Split('=')[0], new(HealthState.Up, text.Split('=')[1].Split(',').Aggregate(StateClasses.None, (all, one) => all | one switch
        {
            "read" => StateClasses.Read,
            "local-write" => StateClasses.LocalWrite,
            _ => StateClasses.Consensus,
        }))),
    };

    private static HealthSnapshot Snapshot(params (string Name, HealthState State)[] regions) => new(
        1,
        Some.Topology([.. regions.Select(region => $"{region.Name}: {region.Name}-1")]),
        [.. regions.Select(region => new RegionHealth(region.State, region.State == HealthState.Up ? StateClasses.All : StateClasses.None, [new(region.State, StateClasses.All)]))]);
}
