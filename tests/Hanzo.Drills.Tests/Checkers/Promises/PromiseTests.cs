using Hanzo.Drills.Checkers.Histories;
using Hanzo.Drills.Checkers.Promises;
using Hanzo.Drills.Tests.Runs;

namespace Hanzo.Drills.Tests.Checkers.Promises;

public sealed class PromiseTests
{
    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(300);

    private static readonly Whose Quiet = Whose.Everyone with { When = "quiet" };

    [Fact]
    public void Availability_counts_every_request_that_went_in_vain_and_shows_it()
    {
        var finding = new Seen().Requests(99, 0, 0.1).Request(10, region: null, problem: "ConnectionReset").Judge(new Availability(0.995, Whose.Everyone));

        Assert.False(finding.Held);
        Assert.Equal(0.99, finding.Measured!.Value, 6);
        Assert.Equal("at least 99.5 %", finding.BoundText);
        Assert.Equal("99 %", finding.MeasuredText);
        Assert.Contains("18.175.67.94 (GB) by edge-1: ConnectionReset", Assert.Single(finding.Evidence), StringComparison.Ordinal);
        Assert.True(new Seen().Requests(99, 0, 0.1).Request(10, problem: "x").Judge(new Availability(0.99, Whose.Everyone)).Held);
    }

    [Fact]
    public void Nothing_to_measure_breaks_a_promise_instead_of_keeping_it()
    {
        Assert.False(new Seen().Judge(new Availability(0, Whose.Everyone)).Held);
        Assert.False(new Seen().Judge(new Latency(99, Seconds(1), Whose.Everyone)).Held);
        Assert.False(new Seen().Judge(new NearestShare(0, Whose.Everyone)).Held);
        Assert.False(new Seen().Request(1).Judge(new Failover(Seconds(1), Slow, Whose.Everyone)).Held);
        Assert.False(new Seen().Request(1).Judge(new Recovery(Seconds(1))).Held);
        Assert.False(new Seen().Request(1).Judge(new Budget()).Held);
    }

    [Fact]
    public void A_continent_is_judged_by_its_own_customers()
    {
        var seen = new Seen().Request(1).Request(1, problem: "x", fromEurope: false);

        Assert.True(seen.Judge(new Availability(1, Whose.Everyone with { Continent = "EU" })).Held);
        Assert.False(seen.Judge(new Availability(1, Whose.Everyone with { Continent = "NA" })).Held);
    }

    [Fact]
    public void The_percentile_is_the_smallest_latency_that_so_many_do_not_exceed()
    {
        var seen = new Seen();
        for (var i = 1; i <= 100; i++)
            seen.Request(1, milliseconds: i);

        Assert.Equal(0.099, seen.Judge(new Latency(99, Seconds(1), Whose.Everyone)).Measured!.Value, 6);
        Assert.Equal(0.1, seen.Judge(new Latency(100, Seconds(1), Whose.Everyone)).Measured!.Value, 6);
        Assert.Equal(0.05, seen.Judge(new Latency(50, Seconds(1), Whose.Everyone)).Measured!.Value, 6);
        Assert.False(seen.Judge(new Latency(99, Seconds(0.098), Whose.Everyone)).Held);
    }

    [Fact]
    public void Quiet_leaves_out_faults_and_a_while_after_them()
    {
        var seen = new Seen().Fault(5, 8).Request(4).Request(6, region: "us-east").Request(12, region: "us-east").Request(14);

        Assert.True(seen.Judge(new NearestShare(1, Quiet)).Held);
        Assert.Equal(0.5, seen.Judge(new NearestShare(1, Whose.Everyone)).Measured);
        Assert.Equal(0, seen.Judge(new NearestShare(1, Whose.Everyone with { When = "faults" })).Measured);
    }

    [Fact]
    public void Failover_ends_with_the_last_customer_who_fails_or_waits_while_the_fault_lasts()
    {
        var seen = new Seen().Fault(5, 15)
            .Request(4.9, milliseconds: 900).Request(5.2, milliseconds: 450).Request(5.7, problem: "x").Request(6, milliseconds: 299).Request(16, milliseconds: 900);

        Assert.Equal(0.7, seen.Judge(new Failover(Seconds(1), Slow, Whose.Everyone)).Measured!.Value, 6);
        Assert.False(seen.Judge(new Failover(Seconds(0.6), Slow, Whose.Everyone)).Held);
    }

    [Fact]
    public void A_failover_is_waited_for_by_those_whose_region_broke_and_fails_anybody()
    {
        var failover = new Failover(Seconds(1), Slow, Whose.Everyone);
        Assert.Equal(0, new Seen().Fault(5, 15).Request(7, milliseconds: 450, region: "us-east", fromEurope: false).Judge(failover).Measured);
        Assert.Equal(2, new Seen().Fault(5, 15).Request(7, problem: "x", fromEurope: false).Judge(failover).Measured);
        Assert.Equal(2, new Seen().Fault(5, 15, target: "edge-1").Request(7, milliseconds: 450, fromEurope: false).Judge(failover).Measured);
    }

    [Fact]
    public void Recovery_ends_with_the_first_good_answer_of_the_mended_region()
    {
        var seen = new Seen().Fault(5, 8).Request(6, region: "us-east").Request(9, region: "us-east").Request(10.5).Request(11);

        Assert.Equal(2.5, seen.Judge(new Recovery(Seconds(3))).Measured!.Value, 6);
        Assert.Equal("eu-west was mended at 8.00 s and answered nobody", Assert.Single(new Seen().Fault(5, 8).Request(9, region: "us-east").Judge(new Recovery(Seconds(3))).Evidence));
    }

    [Fact]
    public void The_budget_is_kept_when_the_edges_measured_failovers_and_none_was_over()
    {
        const string Within = "hanzo_edge_failovers_total{region=\"eu-west\",until=\"published\",within=\"yes\"}";
        const string Over = "hanzo_edge_failovers_total{region=\"eu-west\",until=\"published\",within=\"no\"}";

        Assert.True(new Seen().Metric(1, Within, 0).Metric(6, Within, 1).Metric(1, Over, 0).Judge(new Budget()).Held);
        Assert.False(new Seen().Metric(1, Within, 0).Judge(new Budget()).Held);
        Assert.Contains("within=\"no\"", Assert.Single(new Seen().Metric(6, Within, 1).Metric(6, Over, 2).Judge(new Budget()).Evidence), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 10, 8, 0)]
    [InlineData(8, 10, 10, 0)]
    [InlineData(8, 10, 7, 1)]
    [InlineData(8, 10, 11, 1)]
    [InlineData(8, 10, null, 8)]
    public void A_cart_holds_all_that_was_acknowledged_and_nothing_that_nobody_asked_for(int acknowledged, int asked, int? held, int wrong)
    {
        var record = new Seen().Record with { Carts = [new("cart_1", "us-east-1", acknowledged, asked, held), new("cart_1", "eu-west-1", 8, 10, 9)] };

        var finding = new CartsKept().Judge(record);

        Assert.Equal(wrong, finding.Measured);
        Assert.Equal(wrong == 0, finding.Held);
        Assert.Equal(wrong == 0 ? 0 : 1, finding.Evidence.Count);
    }

    [Fact]
    public void Carts_that_nobody_filled_or_that_still_differ_keep_no_promise()
    {
        Assert.False(new CartsKept().Judge(new Seen().Record).Held);
        Assert.False(new CartsConverge(Seconds(5)).Judge(new Seen().Record).Held);
        Assert.True(new CartsConverge(Seconds(5)).Judge(new Seen().Record with { CartsConverged = Seconds(1) }).Held);
    }

    [Fact]
    public void A_metric_must_show_its_value_in_time_after_the_fault_and_not_before()
    {
        var shown = new Shown("m", 0, Seconds(2), "geo eu-west");

        Assert.Equal(1.5, new Seen().Fault(5, kind: "geo").Metric(0, "m", 1).Metric(6.5, "m", 0).Judge(shown).Measured);
        Assert.False(new Seen().Fault(5, kind: "geo").Metric(0, "m", 0).Judge(shown).Held);
        Assert.False(new Seen().Fault(5, kind: "geo").Metric(7.5, "m", 0).Judge(shown).Held);
        Assert.False(new Seen().Fault(5, kind: "kill").Metric(6, "m", 0).Judge(shown).Held);
    }

    [Fact]
    public void Resolvers_are_held_to_the_last_time_that_they_told_a_lost_edge_first()
    {
        var seen = new Seen().Fault(4, 9, target: "edge-1").Lookup(3, "127.0.0.1").Lookup(5.5, "127.0.0.1", "127.0.0.2").Lookup(8, "127.0.0.2", "127.0.0.1").Lookup(9.5, "127.0.0.1");

        var finding = seen.Judge(new ResolverFailover(Seconds(1)));

        Assert.Equal(1.5, finding.Measured!.Value, 6);
        Assert.Contains("1.50 s after kill edge-1, 18.175.67.94 (GB) was told edge-1", Assert.Single(finding.Evidence), StringComparison.Ordinal);
        Assert.True(seen.Judge(new ResolverFailover(Seconds(2))).Held);
        Assert.Null(new Seen().Fault(4, 9, target: "edge-1").Lookup(3, "127.0.0.2").Judge(new ResolverFailover(Seconds(1))).Measured);
    }

    [Fact]
    public void Who_keeps_to_ttls_and_who_does_not_are_judged_apart()
    {
        var seen = new Seen().Request(1).Request(2, problem: "ConnectionRefused", ignoresTtl: true);

        Assert.True(seen.Judge(new Availability(1, Whose.Everyone with { IgnoresTtl = false })).Held);
        Assert.Equal(0, seen.Judge(new Availability(1, Whose.Everyone with { IgnoresTtl = true })).Measured);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_history_is_judged_object_by_object(long read, bool held)
    {
        HistoryLine Line(string call, long called, long? amount, StockFacts? facts) =>
            new() { Client = 0, Object = "stock/A", Call = call, Called = called, Answered = called + 1, Outcome = CallOutcome.Done, Amount = amount, Stock = facts };
        var record = new Seen().Record with { History = [Line("put", 1, 2, new StockFacts(2, 0, 0, 1)), Line("read", 5, null, new StockFacts(read, 0, 0, 1))] };

        var finding = new HistoryLinearizable().Judge(record);

        Assert.Equal(held, finding.Held);
        Assert.Contains("2 operations on 1 objects", finding.Text, StringComparison.Ordinal);
        Assert.Null(new Seen().Judge(new HistoryLinearizable()).Measured);
    }
}
