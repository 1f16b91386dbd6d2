using Hanzo.Drills.Traffic;

namespace Hanzo.Drills.Tests.Traffic;

public sealed class ArrivalTests
{
    private static readonly TrafficPlan Plan = new(50, [("GB", 1), ("US", 3)], [(ShopAction.All[0], 1)]);

    private static IReadOnlyList<Arrival> Draw(int seed, Func<TimeSpan, double>? load = null) =>
        Arrival.Draw(Plan, TimeSpan.FromSeconds(60), load ?? (_ => 1), new Random(seed));

    [Fact]
    public void A_seed_repeats_every_arrival()
    {
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void Arrivals_come_at_the_rate_and_from_countries_in_their_shares()
    {
        var arrivals = Draw(1);

        Assert.InRange(arrivals.Count, 2800, 3200);
        Assert.InRange(arrivals.Count(arrival => arrival.Customer.Country == "US") / (double)arrivals.Count, 0.70, 0.80);
        Assert.True(arrivals.Zip(arrivals.Skip(1)).All(pair => pair.First.At <= pair.Second.At));
    }

    [Fact]
    public void A_load_step_multiplies_them_while_it_lasts()
    {
        var arrivals = Draw(1, at => at >= TimeSpan.FromSeconds(20) && at < TimeSpan.FromSeconds(30) ? 10 : 1);

        Assert.InRange(arrivals.Count(arrival => arrival.At.TotalSeconds is >= 20 and < 30), 4700, 5300);
        Assert.InRange(arrivals.Count(arrival => arrival.At.TotalSeconds is >= 40 and < 50), 420, 580);
    }

    [Fact]
    public void Customers_are_of_every_continent_but_one_and_have_addresses()
    {
        Assert.Equal(["AF", "AS", "EU", "NA", "OC", "SA"], Customers.All.Select(customer => customer.Continent).Distinct().Order());
        Assert.All(Customers.All, customer => Assert.True(System.Net.IPAddress.TryParse(customer.Address, out _)));
    }

    [Fact]
    public void London_is_464_kilometres_from_Dublin() =>
        Assert.InRange(new Customer("192.0.2.1", "GB", "EU", 51.51, -0.13).KilometresTo(53.35, -6.26), 460, 468);

    [Fact]
    public void A_herd_comes_in_one_moment_beside_those_who_come_anyway()
    {
        var plan = new TrafficPlan(10, [("GB", 1)], [(ShopAction.All[0], 1)]);

        var arrivals = Arrival.Draw(plan, TimeSpan.FromSeconds(10), _ => 1, new Random(1), [(TimeSpan.FromSeconds(4), 300)]);

        Assert.Equal(300, arrivals.Count(arrival => arrival.At == TimeSpan.FromSeconds(4)));
        Assert.Equal(arrivals.Count, Arrival.Draw(plan, TimeSpan.FromSeconds(10), _ => 1, new Random(1)).Count + 300);
        Assert.Equal(Enumerable.Range(0, arrivals.Count), arrivals.Select(arrival => arrival.Number));
        Assert.Equal(arrivals.Select(arrival => arrival.At).Order(), arrivals.Select(arrival => arrival.At));
    }

    [Fact]
    public void Who_ignores_ttls_always_does()
    {
        var plan = new TrafficPlan(100, [("GB", 1), ("US", 1)], [(ShopAction.All[0], 1)]) { IgnoreTtl = 0.3 };

        var arrivals = Arrival.Draw(plan, TimeSpan.FromSeconds(20), _ => 1, new Random(1));

        Assert.InRange(arrivals.Count(arrival => arrival.IgnoresTtl) / (double)arrivals.Count, 0.1, 0.6);
        Assert.All(arrivals.GroupBy(arrival => arrival.Customer), customer => Assert.Single(customer.Select(arrival => arrival.IgnoresTtl).Distinct()));
    }
}
