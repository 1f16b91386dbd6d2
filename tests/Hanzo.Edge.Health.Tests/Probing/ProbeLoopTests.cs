using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Probing;

public sealed class ProbeLoopTests : IAsyncDisposable
{
    private readonly BoardWorld world = new();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public void Endpoints_are_asked_at_once_then_at_phases_of_their_own()
    {
        world.Apply(Some.Topology("eu: a b c d"));
        world.PassSeconds(1.01);

        var first = new[] { "a", "b", "c", "d" }.Select(name => world.Prober.TimesOf(name)).ToArray();
        Assert.All(first, times => Assert.Equal(TimeSpan.Zero, times[0]));
        Assert.All(first, times => Assert.InRange(times[1], TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Equal(4, first.Select(times => times[1]).Distinct().Count());
    }

    [Fact]
    public void Without_jitter_probes_start_one_interval_apart_however_long_they_take()
    {
        world.Apply(Some.Topology("eu: a"));
        world.Prober.Hangs("a");
        world.PassSeconds(10);

        Assert.All(Gaps("a").Skip(1), gap => Assert.Equal(1, gap, 0.011));
    }

    [Fact]
    public void Jitter_moves_each_start_both_ways_within_its_share()
    {
        world.Apply(Some.Topology("eu: a"), BoardWorld.Options with { Jitter = 0.3 });
        world.PassSeconds(200);

        var gaps = Gaps("a").Skip(1).ToArray();
        Assert.All(gaps, gap => Assert.InRange(gap, 0.7, 1.31));
        Assert.Contains(gaps, gap => gap < 0.8);
        Assert.Contains(gaps, gap => gap > 1.2);
        Assert.Equal(1, gaps.Average(), 0.05);
    }

    [Fact]
    public void In_transition_probes_come_faster_and_then_calm_down()
    {
        world.Apply(Some.Topology("eu: a"), BoardWorld.Options with { FastInterval = TimeSpan.FromMilliseconds(200) });
        world.PassSeconds(5);
        world.Prober.Fails("a");
        var first = world.Prober.TimesOf("a").Length;
        world.PassProbes("a", 5);

        // Failures 1, 2 and 3 in a hurry, then down and at rest.
        Assert.Equal([0.2, 0.2, 1, 1], Gaps("a").Skip(first).Select(gap => Math.Round(gap, 1)));
    }

    [Fact]
    public void The_fast_interval_is_a_quarter_of_the_interval_unless_it_is_set() =>
        Assert.Equal(TimeSpan.FromMilliseconds(500), new ProbeOptions { Interval = TimeSpan.FromSeconds(2) }.Pace(inTransition: true));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_probe_without_answer_fails_when_its_time_on_the_given_clock_is_over(bool listensToItsToken)
    {
        if (listensToItsToken) world.Prober.Hangs("a");
        else world.Prober.IsDeaf("a");
        world.Apply(Some.Topology("eu: a"));

        world.PassSeconds(0.49);
        Assert.Equal(HealthState.Unknown, world.Now.Endpoint("a").State);
        world.PassSeconds(0.02);
        Assert.Equal(HealthState.Down, world.Now.Endpoint("a").State);
        Assert.Equal(1, world.Counted("hanzo_edge_probes_total", "endpoint=a", "result=timeout"));
    }

    [Fact]
    public void A_loop_survives_every_exception_counts_it_and_changes_nothing()
    {
        world.Apply(Some.Topology("eu: a"));
        world.Prober.Throws("a", new InvalidOperationException("as scripted"));
        world.PassSeconds(3);
        world.Prober.Throws("a", new OperationCanceledException("nobody asked for this"));
        world.PassSeconds(3);

        Assert.Equal(HealthState.Up, world.Now.Endpoint("a").State);
        Assert.Equal(6, world.Counted("hanzo_edge_probe_loop_errors_total", "endpoint=a"));
        world.Prober.Fails("a", ProbeResult.Refused);
        world.PassSeconds(1);
        Assert.Equal(HealthState.Down, world.Now.Endpoint("a").State);
    }

    private IEnumerable<double> Gaps(string endpoint)
    {
        var times = world.Prober.TimesOf(endpoint);
        return times.Zip(times.Skip(1), (one, next) => (next - one).TotalSeconds);
    }
}
