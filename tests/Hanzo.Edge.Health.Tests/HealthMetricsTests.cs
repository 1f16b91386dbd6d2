using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.Tests.Support;

namespace Hanzo.Edge.Health.Tests;

public sealed class HealthMetricsTests : IAsyncDisposable
{
    private readonly BoardWorld world = new();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public void Probes_are_counted_by_endpoint_and_result()
    {
        world.Apply(Some.Topology("eu: a b"));
        world.Prober.Fails("a", ProbeResult.Status);
        world.PassProbes("a", 2);

        Assert.Equal(1, world.Counted("hanzo_edge_probes_total", "region=eu", "endpoint=a", "result=good"));
        Assert.Equal(2, world.Counted("hanzo_edge_probes_total", "region=eu", "endpoint=a", "result=status"));
    }

    [Fact]
    public void The_age_of_a_probe_grows_while_it_does_not_end()
    {
        world.Apply(Some.Topology("eu: a b"), BoardWorld.Options with { Interval = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromMinutes(1) });
        world.PassSeconds(3);

        Assert.Equal(3, world.Read("hanzo_edge_probe_age_seconds")["region=eu endpoint=a"], 3);
    }

    [Fact]
    public void States_are_one_hot_and_changes_are_counted()
    {
        world.Prober.Fails("a");
        world.Apply(Some.Topology("eu: a", "us: b"));

        var endpoints = world.Read("hanzo_edge_endpoint_state");
        Assert.Equal([0, 0, 1], new[] { "unknown", "up", "down" }.Select(state => endpoints[$"region=eu endpoint=a state={state}"]));
        var regions = world.Read("hanzo_edge_region_state");
        Assert.Equal([0, 1, 0], new[] { "unknown", "up", "down" }.Select(state => regions[$"region=us state={state}"]));
        Assert.Equal(1, world.Counted("hanzo_edge_endpoint_transitions_total", "region=eu", "endpoint=a", "to=down"));
        Assert.Equal(1, world.Counted("hanzo_edge_region_transitions_total", "region=us", "to=up"));
    }
}
