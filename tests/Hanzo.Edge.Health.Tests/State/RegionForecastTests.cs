using Hanzo.Edge.Health.State;

namespace Hanzo.Edge.Health.Tests.State;

public sealed class RegionForecastTests
{
    [Theory]
    [InlineData("up up", 0, null)]
    [InlineData("up:3", 0, 3.0)]
    [InlineData("up up:3", 0, null)]        // the other one keeps it up
    [InlineData("up:5 up:3", 0, 5.0)]       // the last of them takes it down
    [InlineData("up:5 up:3 up", 0.5, 5.0)]  // one of three is not enough
    [InlineData("up:5 up:3 up", 0.9, 3.0)]
    [InlineData("down:4 down:2", 0, 2.0)]   // the first one brings it back
    [InlineData("down:4 down:2", 0.9, 4.0)]
    [InlineData("down down", 0, null)]
    public void A_region_may_change_when_enough_of_its_endpoints_may(string endpoints, double upShare, double? seconds)
    {
        var states = endpoints.Split(' ').Select(one => one.Split(':')).Select(one => (100, one[0] == "up", one.Length > 1 ? TimeSpan.FromSeconds(double.Parse(one[1])) : (TimeSpan?)null));
        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, RegionForecast.Of([.. states], upShare));
    }
}
