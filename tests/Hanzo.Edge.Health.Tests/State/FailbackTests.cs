using Hanzo.Edge.Health.Tests.Support;

namespace Hanzo.Edge.Health.Tests.State;

public sealed class FailbackTests : IAsyncDisposable
{
    private static readonly HealthOptions Options = new() { Probe = BoardWorld.Options, Failback = TimeSpan.FromSeconds(30), Overrides = new() { MinServing = 0 } };

    private readonly BoardWorld world = new();

    public FailbackTests() => world.Apply(Some.Topology("eu: a", "us: b"), Options);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public void At_boot_a_region_is_taken_at_once() => Assert.Equal(0b11UL, world.Now.Healthy);

    [Fact]
    public void A_region_that_fell_is_taken_back_only_after_the_delay()
    {
        FallAndRise("a");
        Assert.Equal(0b10UL, world.Now.Healthy);

        world.PassSeconds(29.9);
        Assert.Equal(0b10UL, world.Now.Healthy);
        world.PassSeconds(0.2);
        Assert.Equal(0b11UL, world.Now.Healthy);
    }

    [Fact]
    public void It_waits_anew_when_it_falls_while_it_waits()
    {
        FallAndRise("a");
        world.PassSeconds(20);
        FallAndRise("a");

        world.PassSeconds(29.9);
        Assert.Equal(0b10UL, world.Now.Healthy);
        world.PassSeconds(0.2);
        Assert.Equal(0b11UL, world.Now.Healthy);
    }

    [Fact]
    public void It_does_not_wait_while_no_other_region_is_up()
    {
        FallAndRise("a");
        world.Prober.Fails("b");
        world.PassProbes("b", 3);

        Assert.Equal(0b01UL, world.Now.Healthy);
    }

    [Fact]
    public void It_does_not_wait_for_a_region_that_takes_no_requests()
    {
        FallAndRise("a");
        Assert.Null(world.Board.Override(new("us", Steering.RegionOverride.ForcedDown, "test", "ann", TimeSpan.FromHours(1))).Refusal);

        Assert.Equal(0b01UL, world.Now.Healthy & ~world.Now.ForcedDown);
    }

    [Fact]
    public void A_region_that_is_no_longer_configured_is_forgotten()
    {
        FallAndRise("a");
        world.Apply(Some.Topology("us: b"), Options);
        world.PassSeconds(60);
        world.Apply(Some.Topology("eu: a", "us: b"), Options);
        world.PassProbes("a", 1);

        Assert.Equal(0b11UL, world.Now.Healthy);
    }

    private void FallAndRise(string endpoint)
    {
        world.Prober.Fails(endpoint);
        world.PassProbes(endpoint, 3);
        world.Prober.Answers(endpoint);
        world.PassProbes(endpoint, 2);
    }
}
