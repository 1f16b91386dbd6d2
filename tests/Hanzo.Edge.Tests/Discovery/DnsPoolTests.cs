using Hanzo.Edge.Discovery;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Tests.Discovery;

public sealed class DnsPoolTests
{
    private static readonly DiscoveryOptions Options = new() { MinTtl = TimeSpan.FromSeconds(1), MaxTtl = TimeSpan.FromSeconds(60), StaleFor = TimeSpan.FromMinutes(10) };

    private readonly DnsPool good = DnsPool.Unknown.After(Found(30, "b", "a"), Seconds(100), Options);

    [Fact]
    public void A_good_answer_is_kept_for_its_ttl() =>
        Assert.Equal((Seconds(130), "a b", 0), (good.Next, Names(good), good.Failures));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.2, 1)]
    [InlineData(7, 7)]
    [InlineData(86400, 60)]
    public void A_ttl_is_kept_within_its_bounds(double ttl, double kept) =>
        Assert.Equal(Seconds(100 + kept), DnsPool.Unknown.After(Found(ttl, "a"), Seconds(100), Options).Next);

    [Fact]
    public void A_newer_answer_replaces_all()
        => Assert.Equal("c", Names(good.After(Found(30, "c"), Seconds(130), Options)));

    [Theory]
    [InlineData("no answer")]
    [InlineData("Non-Existent Domain")]
    [InlineData(null)] // an answer without a record
    public void Neither_silence_nor_an_empty_answer_empties_a_pool_that_was_good_a_while_ago(string? problem)
    {
        var bad = new DnsFinding([], TimeSpan.Zero, problem);

        Assert.Equal("a b", Names(good.After(bad, Seconds(100 + 600), Options)));
        Assert.Equal("", Names(good.After(bad, Seconds(100 + 601), Options)));
    }

    [Fact]
    public void It_asks_again_soon_and_then_less_and_less_often()
    {
        var pool = good;
        List<double> waits = [];
        for (var now = Seconds(130); waits.Count < 8; now = pool.Next)
        {
            pool = pool.After(DnsFinding.Failed("no answer"), now, Options);
            waits.Add((pool.Next - now).TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 32, 32], waits);
    }

    [Fact]
    public void A_pool_comes_back_from_stale_with_the_first_good_answer()
    {
        var stale = good.After(DnsFinding.Failed("no answer"), Seconds(800), Options);

        Assert.Equal(("a", 0), (Names(stale.After(Found(30, "a"), Seconds(801), Options)), stale.After(Found(30, "a"), Seconds(801), Options).Failures));
    }

    private static DnsFinding Found(double ttl, params string[] names) => new([.. names.Select(name => new RegionEndpoint(name, new Uri($"http://{name}")))], Seconds(ttl), null);

    private static string Names(DnsPool pool) => string.Join(' ', pool.Endpoints.Select(endpoint => endpoint.Name));

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value);
}
