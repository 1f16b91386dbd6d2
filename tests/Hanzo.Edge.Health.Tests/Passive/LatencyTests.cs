using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Passive;

public sealed class LatencyTests
{
    private static readonly LatencyOptions Rules = new() { Factor = 3, AtLeast = TimeSpan.FromMilliseconds(50), Window = TimeSpan.FromSeconds(10), MinimumRequests = 50, Share = 0.25 };

    [Theory]
    [InlineData(0.05)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(777)]
    [InlineData(120_000)]
    public void A_percentile_is_known_to_an_eighth(double milliseconds)
    {
        var window = new LatencyWindow();
        for (var i = 0; i < 950; i++) window.Record(TimeSpan.FromMilliseconds(milliseconds / 4));
        for (var i = 0; i < 40; i++) window.Record(TimeSpan.FromMilliseconds(milliseconds));
        for (var i = 0; i < 10; i++) window.Record(TimeSpan.FromHours(1));

        var (count, p95, p99) = window.Take();

        Assert.Equal(1000, count);
        Assert.InRange(p95.TotalMilliseconds, milliseconds / 4, Math.Max(0.144, milliseconds / 4 * 1.13));
        Assert.InRange(p99.TotalMilliseconds, milliseconds, Math.Max(0.144, milliseconds * 1.13));
        Assert.Equal(0, window.Take().Count);
    }

    [Fact]
    public void A_jump_marks_and_a_drift_does_not()
    {
        var drifting = new LatencyJudgement();
        for (var ms = 100; ms < 1000; ms += 20) drifting = drifting.After(100, Ms(ms), null, Rules);
        Assert.False(drifting.IsDegraded);

        var jumping = new LatencyJudgement().After(100, Ms(100), null, Rules);
        Assert.False(jumping.After(100, Ms(290), null, Rules).IsDegraded);
        jumping = jumping.After(100, Ms(310), null, Rules);
        Assert.True(jumping.IsDegraded);
        Assert.True(jumping.After(100, Ms(210), null, Rules).IsDegraded);
        Assert.False(jumping.After(100, Ms(190), null, Rules).IsDegraded);
    }

    [Fact]
    public void What_peers_suffer_too_marks_nobody()
    {
        var calm = new LatencyJudgement().After(100, Ms(100), Ms(100), Rules);

        Assert.False(calm.After(100, Ms(900), Ms(800), Rules).IsDegraded);
        Assert.True(calm.After(100, Ms(900), Ms(100), Rules).IsDegraded);
    }

    [Fact]
    public void A_factor_of_little_marks_nobody_and_too_few_answers_judge_nothing()
    {
        var quick = new LatencyJudgement().After(100, Ms(1), null, Rules);

        Assert.False(quick.After(100, Ms(40), null, Rules).IsDegraded);
        Assert.False(quick.After(49, Ms(900), null, Rules).IsDegraded);
        Assert.False(quick.After(100, Ms(900), null, Rules with { Factor = 0 }).IsDegraded);
    }

    [Fact]
    public void A_verdict_that_nothing_speaks_for_any_more_is_forgotten()
    {
        var slow = new LatencyJudgement().After(100, Ms(100), null, Rules).After(100, Ms(900), null, Rules);
        for (var i = 0; i < 5; i++) slow = slow.After(0, TimeSpan.Zero, null, Rules);
        Assert.True(slow.IsDegraded);

        Assert.False(slow.After(0, TimeSpan.Zero, null, Rules).IsDegraded);
    }

    [Fact]
    public async Task A_degraded_endpoint_stays_up_with_less_until_it_is_well_again()
    {
        await using var world = new BoardWorld();
        var topology = Some.Topology("eu: a b c");
        world.Apply(topology, new HealthOptions { Probe = BoardWorld.Options, Latency = Rules });

        Window(slow: 20);
        Assert.False(world.Now.Endpoint("a").IsDegraded);
        Window(slow: 2000);

        var a = world.Now.Endpoint("a");
        Assert.Equal((HealthState.Up, true, 0.25), (a.State, a.IsDegraded, a.Share));
        Assert.Equal(1, world.Now.Endpoint("b").Share);
        Assert.Equal(1, world.Read("hanzo_edge_endpoint_degraded")["region=eu endpoint=a"]);
        Assert.Equal(0b1UL, world.Now.Healthy);
        Window(slow: 20);
        Assert.Equal(1, world.Now.Endpoint("a").Share);

        void Window(int slow)
        {
            for (var i = 0; i < 100; i++)
                for (var endpoint = 0; endpoint < 3; endpoint++)
                    world.Report(topology, 0, endpoint, RequestOutcome.Answered, world.Clock.GetTimestamp() - Ms(endpoint == 0 ? slow : 20).Ticks * world.Clock.TimestampFrequency / TimeSpan.TicksPerSecond);
            world.PassSeconds(10.01);
        }
    }

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);
}
