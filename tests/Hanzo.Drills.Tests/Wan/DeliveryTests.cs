using Hanzo.Drills.Wan;

namespace Hanzo.Drills.Tests.Wan;

public sealed class DeliveryTests
{
    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Delivery With(LinkQuality quality) => new(quality, new Random(1));

    [Fact]
    public void A_packet_arrives_after_the_delay() =>
        Assert.Equal(Milliseconds(85), With(new LinkQuality { Delay = Milliseconds(75) }).Of(100, Milliseconds(10)));

    [Fact]
    public void Jitter_adds_up_to_its_bound_and_lets_no_packet_overtake()
    {
        var delivery = With(new LinkQuality { Delay = Milliseconds(50), Jitter = Milliseconds(20) });

        var arrivals = Enumerable.Range(0, 500).Select(i => (Sent: Milliseconds(i * 0.1), Arrives: delivery.Of(100, Milliseconds(i * 0.1))!.Value)).ToList();

        Assert.True(arrivals.Zip(arrivals.Skip(1)).All(pair => pair.First.Arrives <= pair.Second.Arrives));
        Assert.All(arrivals, one => Assert.InRange(one.Arrives - one.Sent, Milliseconds(50), Milliseconds(70)));
        Assert.True(arrivals[0].Arrives - arrivals[0].Sent > Milliseconds(50));
    }

    [Fact]
    public void A_share_is_lost()
    {
        var delivery = With(new LinkQuality { Loss = 0.1 });
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => delivery.Of(100, Milliseconds(i)) is null), 900, 1100);
    }

    [Fact]
    public void Bandwidth_lets_packets_wait_for_each_other()
    {
        var delivery = With(new LinkQuality { Bandwidth = 1000 });

        Assert.Equal(Milliseconds(100), delivery.Of(100, TimeSpan.Zero));
        Assert.Equal(Milliseconds(200), delivery.Of(100, Milliseconds(50)));
        Assert.Equal(Milliseconds(600), delivery.Of(100, Milliseconds(500)));
    }

    [Fact]
    public void Nothing_passes_a_cut_until_it_is_mended()
    {
        var delivery = With(LinkQuality.Perfect with { Cut = true });
        Assert.Null(delivery.Of(100, Milliseconds(1)));

        delivery.Quality = LinkQuality.Perfect;
        Assert.Equal(Milliseconds(2), delivery.Of(100, Milliseconds(2)));
    }

    [Fact]
    public void Regions_named_as_a_public_clouds_have_its_distances()
    {
        Assert.Equal(Milliseconds(35), RoundTrips.OneWay("us-east", "eu-west"));
        Assert.Equal(Milliseconds(34.5), RoundTrips.OneWay("eu-west", "us-east"));
        Assert.Equal(TimeSpan.Zero, RoundTrips.OneWay("eu-west", "atlantis"));
    }
}
