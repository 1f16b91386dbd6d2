using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.State;

public sealed class FailoverClockTests : IAsyncDisposable
{
    private static readonly HealthOptions Options = new()
    {
        Probe = BoardWorld.Options,
        Passive = new PassiveOptions { Consecutive = 3 },
        Failover = new FailoverLimits(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2)),
    };

    private readonly Topology topology = Some.Topology("eu: a", "us: b");
    private readonly BoardWorld world = new();

    public FailoverClockTests() => world.Apply(topology, Options);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public void A_failover_is_measured_from_the_first_failure_to_the_snapshot_and_to_the_last_request()
    {
        Fail();
        world.PassSeconds(0.1);
        Fail();
        world.PassSeconds(0.1);
        var late = world.Clock.GetTimestamp(); // under way when the endpoint is taken out
        world.PassSeconds(0.1);
        Fail();
        Assert.Equal(HealthState.Down, world.Now.Endpoint("a").State);
        world.PassSeconds(1);
        Fail(late);
        world.PassSeconds(7);

        Assert.Equal(0.3, world.Counted("hanzo_edge_failover_seconds", "region=eu", "until=published"), 3);
        Assert.Equal(0.3, world.Counted("hanzo_edge_failover_seconds", "region=eu", "until=last-request"), 3);
        Assert.Equal(1, world.Counted("hanzo_edge_failovers_total", "region=eu", "until=last-request", "within=yes"));
        Assert.Contains(world.Log.Lines, line => line.Contains("Failover from endpoint a of eu: 300 ms from the first failure seen until published", StringComparison.Ordinal));
    }

    [Fact]
    public void One_that_breaks_its_bound_is_counted_and_told()
    {
        for (var i = 0; i < 3; i++)
        {
            Fail();
            world.PassSeconds(0.4);
        }

        world.PassSeconds(7);

        Assert.Equal(1, world.Counted("hanzo_edge_failovers_total", "until=published", "within=yes"));
        Assert.Equal(1, world.Counted("hanzo_edge_failovers_total", "until=last-request", "within=no"));
        Assert.Contains(world.Log.Lines, line => line.Contains("broke its bound: 800 ms from the first failure seen until last-request, 500 ms are promised", StringComparison.Ordinal));
        Assert.Equal(0.5, world.Read("hanzo_edge_failover_bound_seconds")["until=last-request"]);
    }

    [Fact]
    public void Where_only_probes_saw_the_failure_no_request_is_told_of()
    {
        world.Prober.Fails("a");
        world.PassProbes("a", 3);
        world.PassSeconds(7);

        Assert.Equal(2, world.Counted("hanzo_edge_failover_seconds", "until=published"), 1);
        Assert.Equal(0, world.Counted("hanzo_edge_failovers_total", "until=last-request"));
    }

    [Fact]
    public void An_endpoint_that_fails_some_requests_and_answers_others_is_measured_from_the_first_failure()
    {
        for (var i = 0; i < 10; i++)
        {
            Fail();
            Answer();
            world.PassSeconds(0.1);
        }

        for (var i = 0; i < 3; i++) Fail();

        Assert.Equal(1, world.Counted("hanzo_edge_failover_seconds", "until=published"), 3);
    }

    [Fact]
    public void A_failure_that_answers_have_made_up_for_is_no_part_of_the_failover()
    {
        Fail();
        world.PassSeconds(5);
        Answer();
        Answer();
        for (var i = 0; i < 3; i++) Fail();

        Assert.Equal(0, world.Counted("hanzo_edge_failover_seconds", "until=published"));
        Assert.Equal(1, world.Counted("hanzo_edge_failovers_total", "until=published", "within=yes"));
    }

    [Fact]
    public void A_refusal_has_no_failure_before_it()
    {
        world.Prober.Fails("a", ProbeResult.Refused);
        world.PassProbes("a", 1);

        Assert.Equal(HealthState.Down, world.Now.Endpoint("a").State);
        Assert.Equal(0, world.Counted("hanzo_edge_failover_seconds"), 3);
    }

    [Fact]
    public void The_first_failed_request_hurries_the_next_probe()
    {
        world.Apply(topology, Options with { Probe = BoardWorld.Options with { Interval = TimeSpan.FromMinutes(1), FastInterval = TimeSpan.FromMilliseconds(200) } });
        world.PassSeconds(90);
        world.Prober.Fails("a", ProbeResult.Connect);

        Fail();
        world.PassSeconds(0.6);

        Assert.Equal(HealthState.Down, world.Now.Endpoint("a").State);
    }

    [Fact]
    public void Failures_among_answers_do_not_make_a_storm_of_probes()
    {
        var before = world.Prober.TimesOf("a").Length;
        for (var i = 0; i < 100; i++)
        {
            Fail();
            Answer();
            world.PassSeconds(0.01);
        }

        Assert.InRange(world.Prober.TimesOf("a").Length - before, 1, 2);
    }

    private void Answer() => world.Report(topology, 0, 0, RequestOutcome.Answered);

    private void Fail(long sent = 0) => world.Report(topology, 0, 0, RequestOutcome.ConnectFailed, sent);
}
