using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests;

public sealed class OverflowTests
{
    private const int Clients = 20_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.8, 1)]
    [InlineData(0.6, 0.84)]
    [InlineData(0.25, 0.35)]
    [InlineData(0, 0)]
    public void A_region_takes_its_fit_share_times_the_factor(double fit, double taken)
    {
        var topology = Some.Topology("dublin", "ashburn");
        var world = World(topology, fit, 1);
        var stayed = Enumerable.Range(0, Clients).Count(client => First(world, (ulong)client) == 0);

        Assert.Equal(taken, stayed / (double)Clients, 0.015); // five standard deviations of a half: 1.8 %
    }

    [Fact]
    public void Whoever_stayed_while_much_was_lost_stays_while_less_is()
    {
        var topology = Some.Topology("dublin", "ashburn");
        var (little, much) = (World(topology, 0.6, 1), World(topology, 0.3, 1));

        for (var client = 0UL; client < 1000; client++)
            if (First(much, client) == 0) Assert.Equal(0, First(little, client));
    }

    private static SteeringWorld World(Topology topology, params double[] shares) => new(
        new HealthSnapshot(1, topology, [.. shares.Select(share => Some.Health() with { Share = share })]),
        [Place.Nowhere, Cities.Place("london")]);

    private static int First(SteeringWorld world, ulong affinity) =>
        world.Decide(new SteeringQuestion { Place = 1, Affinity = affinity }, new Candidate[2]).Eligible[0].Region;
}
