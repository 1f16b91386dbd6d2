using System.Collections.Immutable;
using CsCheck;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests;

public sealed class WeightingTests
{
    private const int Clients = 50_000;

    [Theory]
    [InlineData(1UL)]
    [InlineData(0x9E3779B97F4A7C15UL)]
    public void Regions_are_first_in_proportion_to_their_weights(ulong step)
    {
        ImmutableArray<Region> regions = [Weighing("paris", 100), Weighing("london", 300), Weighing("dublin", 600), Weighing("berlin", 0)];
        var firsts = new int[regions.Length];
        for (var client = 0UL; client < Clients; client++) firsts[Order(regions, client * step)[0]]++;

        // Five standard deviations of a share of one half: 1.1 %.
        Assert.Equal(0.1, firsts[0] / (double)Clients, 0.011);
        Assert.Equal(0.3, firsts[1] / (double)Clients, 0.011);
        Assert.Equal(0.6, firsts[2] / (double)Clients, 0.011);
        Assert.Equal(0, firsts[3]);
    }

    [Fact]
    public void When_the_first_is_gone_its_clients_spread_by_weight_over_the_others()
    {
        ImmutableArray<Region> regions = [Weighing("paris", 100), Weighing("london", 100), Weighing("dublin", 300)];
        var seconds = new int[regions.Length];
        for (var client = 0UL; client < Clients; client++)
            if (Order(regions, client) is [0, var second, ..]) seconds[second]++;

        Assert.Equal(0.75, seconds[2] / (double)(seconds[1] + seconds[2]), 0.025);
    }

    [Fact]
    public void A_region_added_to_the_band_leaves_the_order_of_the_others() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 1000].Array[5]).Sample((affinity, weights) =>
        {
            string[] names = ["paris", "london", "dublin", "berlin", "zurich"];
            ImmutableArray<Region> regions = [.. names.Zip(weights, Weighing)];

            var with = Order(regions, affinity).Select(region => names[region]).Where(name => name != "dublin");
            var without = regions.RemoveAt(2);

            Assert.Equal(with, Order(without, affinity).Select(region => without[region].Name));
        });

    [Fact]
    public void Regions_of_weight_0_are_last_and_stay_in_order_of_nearness() =>
        Gen.ULong.Sample(affinity =>
            Assert.Equal([1, 0, 2], Order([Weighing("paris", 0), Weighing("london", 1), Weighing("dublin", 0)], affinity)));

    private static Region Weighing(string name, int weight) => Some.Region(name) with { Weight = weight };

    private static int[] Order(ImmutableArray<Region> regions, ulong affinity)
    {
        Candidate[] band = [.. regions.Select((_, index) => new Candidate((byte)index, CandidateReason.TieBand, LatencySource.None, 0, 0))];
        new Weighting(regions).Order(band, affinity);
        return [.. band.Select(candidate => (int)candidate.Region)];
    }
}
