using Hanzo.Edge.Health.State;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.State;

public sealed class RegionVerdictTests
{
    [Theory]
    [InlineData("up", HealthState.Up)]
    [InlineData("down", HealthState.Down)]
    [InlineData("unknown", HealthState.Unknown)]
    [InlineData("up down down", HealthState.Up)]
    [InlineData("up unknown", HealthState.Up)]
    [InlineData("down unknown", HealthState.Unknown)]
    public void A_region_is_up_while_one_endpoint_is_and_unknown_while_one_may_yet_be(string endpoints, HealthState expected) =>
        Assert.Equal(expected, Verdict(endpoints, upShare: 0));

    [Theory]
    [InlineData("up down down", 0.3, HealthState.Up)]
    [InlineData("up down down", 0.34, HealthState.Down)]
    [InlineData("up up down", 0.67, HealthState.Down)]
    [InlineData("up up unknown", 0.67, HealthState.Unknown)]
    [InlineData("up down unknown", 1, HealthState.Down)]
    [InlineData("up up up", 1, HealthState.Up)]
    public void A_region_is_up_while_enough_of_its_weight_is(string endpoints, double upShare, HealthState expected) =>
        Assert.Equal(expected, Verdict(endpoints, upShare));

    [Fact]
    public void Weight_counts_not_the_number_of_endpoints()
    {
        EndpointHealth down = new(HealthState.Down, StateClasses.None);

        Assert.Equal(HealthState.Up, RegionVerdict.Of([EndpointHealth.Up, down], [90, 10], 0.9).Observed);
        Assert.Equal(HealthState.Down, RegionVerdict.Of([down, EndpointHealth.Up], [90, 10], 0.9).Observed);
    }

    [Fact]
    public void A_region_serves_what_its_endpoints_that_are_up_serve_together()
    {
        var verdict = RegionVerdict.Of(
        [
            new(HealthState.Up, StateClasses.Read),
            new(HealthState.Up, StateClasses.LocalWrite),
            new(HealthState.Down, StateClasses.Consensus),
        ], [100, 100, 100], 0);

        Assert.Equal(StateClasses.Read | StateClasses.LocalWrite, verdict.Serves);
    }

    private static HealthState Verdict(string endpoints, double upShare)
    {
        var states = endpoints.Split(' ').Select(state => new EndpointHealth(Enum.Parse<HealthState>(state, true), StateClasses.All)).ToArray();
        return RegionVerdict.Of([.. states], [.. states.Select(_ => 100)], upShare).Observed;
    }
}
