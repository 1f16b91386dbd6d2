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
        Assert.Equal(expected, RegionVerdict.Of([.. endpoints.Split(' ').Select(state => new EndpointHealth(Enum.Parse<HealthState>(state, true), StateClasses.All))]).Observed);

    [Fact]
    public void A_region_serves_what_its_endpoints_that_are_up_serve_together()
    {
        var verdict = RegionVerdict.Of(
        [
            new(HealthState.Up, StateClasses.Read),
            new(HealthState.Up, StateClasses.LocalWrite),
            new(HealthState.Down, StateClasses.Consensus),
        ]);

        Assert.Equal(StateClasses.Read | StateClasses.LocalWrite, verdict.Serves);
    }
}
