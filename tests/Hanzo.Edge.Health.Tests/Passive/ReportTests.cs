using Hanzo.Edge.Health.Passive;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Passive;

public sealed class ReportTests : IAsyncDisposable
{
    private static readonly HealthOptions options = new()
    {
        Probe = BoardWorld.Options,
        Passive = new PassiveOptions { Consecutive = 3, EjectFor = TimeSpan.FromSeconds(10), MaxEjected = 0.5 },
    };

    private readonly Topology topology = Some.Topology("eu: eu-1 eu-2 eu-3", "us: us-1");
    private readonly BoardWorld world = new();

    public ReportTests() => world.Apply(topology, options);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public void Failed_requests_take_an_endpoint_out_before_any_probe_and_only_for_a_time()
    {
        Fail(region: 1, endpoint: 0, times: 2);
        Assert.Equal(0b11UL, world.Now.Healthy);
        Fail(region: 1, endpoint: 0, times: 1);
        Assert.Equal("eu-1=up eu-2=up eu-3=up us-1=down", world.Now.States());
        Assert.Equal(0b01UL, world.Now.Healthy);
        Assert.Equal(1, world.Counted("hanzo_edge_endpoint_ejections_total", "region=us", "endpoint=us-1"));

        world.PassSeconds(9.9);
        Assert.Equal(0b01UL, world.Now.Healthy);
        world.PassSeconds(0.2);
        Assert.Equal(0b11UL, world.Now.Healthy);
    }

    [Fact]
    public void A_second_ejection_soon_after_the_first_lasts_longer()
    {
        Fail(1, 0, 3);
        world.PassSeconds(10.1);
        Fail(1, 0, 3);

        world.PassSeconds(19.8);
        Assert.Equal(HealthState.Down, world.Now.Endpoint("us-1").State);
        world.PassSeconds(0.3);
        Assert.Equal(HealthState.Up, world.Now.Endpoint("us-1").State);
    }

    [Fact]
    public void An_outage_is_no_good_conduct_and_a_time_without_fault_is()
    {
        Fail(1, 0, 3);
        world.Prober.Fails("us-1");
        world.PassSeconds(60);
        world.Prober.Answers("us-1");
        world.PassSeconds(2.1);
        Assert.Equal(HealthState.Up, world.Now.Endpoint("us-1").State);

        Fail(1, 0, 3);
        world.PassSeconds(19.8);
        Assert.Equal(HealthState.Down, world.Now.Endpoint("us-1").State);
        world.PassSeconds(0.3 + 20.1);

        Fail(1, 0, 3);
        world.PassSeconds(10.1);
        Assert.Equal(HealthState.Up, world.Now.Endpoint("us-1").State);
    }

    [Fact]
    public void Probes_that_fail_meanwhile_keep_it_down_when_the_ejection_is_over()
    {
        Fail(1, 0, 3);
        world.Prober.Fails("us-1");
        world.PassSeconds(10.1);

        Assert.Equal(HealthState.Down, world.Now.Endpoint("us-1").State);
        world.Prober.Answers("us-1");
        world.PassSeconds(2.1);
        Assert.Equal(HealthState.Up, world.Now.Endpoint("us-1").State);
    }

    [Fact]
    public void No_more_than_the_allowed_share_of_a_region_is_ejected()
    {
        for (var endpoint = 0; endpoint < 3; endpoint++) Fail(0, endpoint, 10);

        Assert.Equal("eu-1=down eu-2=up eu-3=up us-1=up", world.Now.States());
    }

    [Fact]
    public void Reports_about_another_topology_are_passed_over()
    {
        var next = Some.Topology("us: us-1");
        world.Apply(next, options);

        Fail(1, 0, 10);
        Assert.Equal("us-1=up", world.Now.States());
        for (var i = 0; i < 3; i++) world.Report(next, 0, 0, RequestOutcome.Reset);
        Assert.Equal("us-1=down", world.Now.States());
    }

    [Fact]
    public void An_ejection_outlives_a_reload_that_keeps_the_endpoint()
    {
        Fail(1, 0, 3);
        world.PassSeconds(5);

        Assert.Equal("us-1=down", world.Apply(Some.Topology("us: us-1"), options).States());
        world.PassSeconds(5.1);
        Assert.Equal("us-1=up", world.Now.States());
    }

    [Fact]
    public async Task Many_failures_at_once_eject_once()
    {
        var published = world.Snapshots.Count;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Fail(1, 0, 1000))));

        Assert.Equal(published + 1, world.Snapshots.Count);
        Assert.Equal(1, world.Counted("hanzo_edge_endpoint_ejections_total"));
    }

    [Fact]
    public void Answers_change_nothing()
    {
        var before = world.Now;
        for (var i = 0; i < 1000; i++) world.Report(topology, 0, 0, RequestOutcome.Answered);

        Assert.Same(before, world.Now);
    }

    private void Fail(int region, int endpoint, int times)
    {
        for (var i = 0; i < times; i++) world.Report(topology, region, endpoint, RequestOutcome.ConnectFailed);
    }
}
