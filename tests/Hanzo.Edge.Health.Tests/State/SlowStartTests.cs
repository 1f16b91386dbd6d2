using Hanzo.Edge.Health.State;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.State;

public sealed class SlowStartTests
{
    private static readonly HealthOptions Options = new() { Probe = BoardWorld.Options, SlowStart = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task Nothing_starts_slowly_at_boot()
    {
        await using var world = new BoardWorld();
        world.Apply(Some.Topology("eu: a b"), Options);

        Assert.Equal(1, world.Now.Endpoint("a").Share);
        Assert.Equal(1, world.Now.Regions[0].Share);
    }

    [Fact]
    public async Task An_endpoint_that_was_seen_failing_gets_its_share_back_in_tenths()
    {
        await using var world = new BoardWorld();
        world.Apply(Some.Topology("eu: a b"), Options);
        world.Prober.Fails("a");
        world.PassProbes("a", 3);
        Assert.Equal((HealthState.Down, 0.5), (world.Now.Endpoint("a").State, world.Now.Regions[0].Share));

        world.Prober.Answers("a");
        world.PassProbes("a", 2);

        Assert.Equal((HealthState.Up, 0.1, 0.55), (world.Now.Endpoint("a").State, world.Now.Endpoint("a").Share, world.Now.Regions[0].Share));
        world.PassSeconds(4.95);
        Assert.Equal(0.5, world.Now.Endpoint("a").Share);
        world.PassSeconds(5.1);
        Assert.Equal((1, 1), (world.Now.Endpoint("a").Share, world.Now.Regions[0].Share));
    }

    [Fact]
    public async Task One_that_fails_again_on_the_way_starts_over()
    {
        await using var world = new BoardWorld();
        world.Apply(Some.Topology("eu: a b"), Options);
        for (var i = 0; i < 2; i++)
        {
            world.Prober.Fails("a");
            world.PassProbes("a", 3);
            world.Prober.Answers("a");
            world.PassProbes("a", 2);
            Assert.Equal(0.1, world.Now.Endpoint("a").Share);
            world.PassSeconds(5);
        }
    }

    [Fact]
    public async Task With_no_time_it_is_whole_at_once()
    {
        await using var world = new BoardWorld();
        world.Apply(Some.Topology("eu: a b"), Options with { SlowStart = TimeSpan.Zero });
        world.Prober.Fails("a");
        world.PassProbes("a", 3);
        world.Prober.Answers("a");
        world.PassProbes("a", 2);

        Assert.Equal(1, world.Now.Endpoint("a").Share);
    }

    [Theory]
    [InlineData(100, 1, 10_000)]
    [InlineData(1, 0.1, 10)]
    [InlineData(1, 0.001, 1)]
    public void A_share_of_a_weight_keeps_small_weights_apart(int weight, double share, int counts) =>
        Assert.Equal(counts, (EndpointHealth.Up with { Share = share }).Weigh(weight));
}
