using Hanzo.Edge.Health.State;

namespace Hanzo.Edge.Health.Tests.State;

public sealed class RoundTripTests
{
    private static readonly TimeSpan eighty = TimeSpan.FromMilliseconds(80);

    [Fact]
    public void The_first_sample_is_taken_as_it_is_and_each_later_one_moves_it_by_an_eighth()
    {
        var first = default(RoundTrip).After(eighty);

        Assert.Equal(eighty, first.Smoothed);
        Assert.Equal(TimeSpan.FromMilliseconds(90), first.After(TimeSpan.FromMilliseconds(160)).Smoothed);
        Assert.Equal(TimeSpan.FromMilliseconds(75), first.After(TimeSpan.FromMilliseconds(40)).Smoothed);
    }

    [Fact]
    public void A_probe_that_never_connected_says_nothing()
    {
        Assert.Null(default(RoundTrip).After(null).Smoothed);
        Assert.Equal(eighty, default(RoundTrip).After(eighty).After(null).Smoothed);
    }
}
