using System.Collections.Immutable;
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

        Assert.Equal(HealthState.Up, RegionVerdict.Of([Endpoint(90), Endpoint(10)], [EndpointHealth.Up, down], 0.9).Observed);
        Assert.Equal(HealthState.Down, RegionVerdict.Of([Endpoint(90), Endpoint(10)], [down, EndpointHealth.Up], 0.9).Observed);
    }

    [Fact]
    public void A_region_serves_what_its_endpoints_that_are_up_serve_together()
    {
        var verdict = RegionVerdict.Of(
        [Endpoint(100), Endpoint(100), Endpoint(100)],
        [
            new(HealthState.Up, StateClasses.Read),
            new(HealthState.Up, StateClasses.LocalWrite),
            new(HealthState.Down, StateClasses.Consensus),
        ], 0);

        Assert.Equal(StateClasses.Read | StateClasses.LocalWrite, verdict.Serves);
    }

    [Fact]
    public void Those_of_a_worse_priority_stand_by_until_no_better_one_is_up()
    {
        EndpointHealth down = new(HealthState.Down, StateClasses.None);
        ImmutableArray<RegionEndpoint> region = [Endpoint(100, priority: 10), Endpoint(300, priority: 10), Endpoint(100, priority: 20)];

        var whole = RegionVerdict.Of(region, [EndpointHealth.Up, EndpointHealth.Up, EndpointHealth.Up], 0);
        var part = RegionVerdict.Of(region, [EndpointHealth.Up, down, EndpointHealth.Up], 0);
        var spare = RegionVerdict.Of(region, [down, down, EndpointHealth.Up], 0);

        Assert.Equal([true, true, false], whole.Endpoints.Select(endpoint => endpoint.IsUsed));
        Assert.Equal([true, false, false], part.Endpoints.Select(endpoint => endpoint.IsUsed));
        Assert.Equal([false, false, true], spare.Endpoints.Select(endpoint => endpoint.IsUsed));
        Assert.Equal((1, 0.25, 1), (whole.Share, part.Share, spare.Share));
    }

    private static HealthState Verdict(string endpoints, double upShare)
    {
        var states = endpoints.Split(' ').Select(state => new EndpointHealth(Enum.Parse<HealthState>(state, true), StateClasses.All)).ToArray();
        return RegionVerdict.Of([.. states.Select(_ => Endpoint(100))], [.. states], upShare).Observed;
    }

    private static RegionEndpoint Endpoint(int weight, int priority = 0) => new("any", new Uri("http://any.example"), weight) { Priority = priority };
}
