using System.Globalization;
using Xunit.Abstractions;

namespace Hanzo.Edge.Health.Tests.Simulation;

/// <summary>What each mechanism is worth over a year in which every region is up for 99.9 % of the time.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const double RegionAvailability = 0.999;

    private static readonly Mechanism Nothing = new("nothing: the nearest region, up or not", Watches: false);
    private static readonly Mechanism Dns = new("DNS with probes, answers kept up to 30 s", Watches: true, AnswersKeptFor: TimeSpan.FromSeconds(30));
    private static readonly Mechanism Probes = new("proxy with probes", Watches: true);
    private static readonly Mechanism Passive = new("proxy with probes and outcomes of requests", Watches: true, IsPassive: true);
    private static readonly Mechanism Whole = new("proxy with all of it: failed requests tried in 2 more regions", Watches: true, IsPassive: true, Attempts: 3);
    private static readonly Mechanism[] All = [Nothing, Dns, Probes, Passive, Whole];

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(30)]
    public void The_default_configuration_makes_four_nines_of_three(int regions)
    {
        var started = TimeProvider.System.GetTimestamp();
        var simulation = new Simulation(regions, RegionAvailability, TimeSpan.FromMinutes(10), seed: 20261124);

        var reached = All.ToDictionary(mechanism => mechanism, mechanism => simulation.Availability(mechanism, new HealthOptions(), seed: 7));

        output.WriteLine($"{regions} regions, {simulation.Outages} outages");
        foreach (var (mechanism, availability) in reached)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {availability * 100,10:0.000000} %  {(1 - availability) * Simulation.Year.TotalSeconds,9:0.0} s lost  {mechanism.Name}"));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 60);
        Assert.InRange(reached[Nothing], 0.998, 0.9996);
        Assert.InRange(reached[Dns], reached[Nothing], reached[Probes]);
        Assert.InRange(reached[Passive], reached[Probes], 1);
        Assert.InRange(reached[Whole], reached[Passive], 1);
        Assert.InRange(reached[Whole], 0.9999, 1);
    }

    [Fact]
    public void The_same_seed_tells_the_same_year()
    {
        Assert.Equal(Reach(1), Reach(1));
        Assert.NotEqual(Reach(1), Reach(2));

        static double Reach(int seed) => new Simulation(3, RegionAvailability, TimeSpan.FromMinutes(10), seed).Availability(Passive, new HealthOptions(), seed);
    }

    [Fact]
    public void Without_outages_nothing_is_lost() =>
        Assert.All(All, mechanism => Assert.Equal(1, new Simulation(3, 1 - 1e-8, TimeSpan.FromMinutes(10), 1).Availability(mechanism, new HealthOptions(), 1)));

    [Fact]
    public void Slower_probes_lose_more()
    {
        var simulation = new Simulation(8, RegionAvailability, TimeSpan.FromMinutes(10), seed: 1);
        var slow = new HealthOptions { Probe = new() { Interval = TimeSpan.FromSeconds(30), FastInterval = TimeSpan.FromSeconds(30) } };

        Assert.True(simulation.Availability(Probes, slow, 1) < simulation.Availability(Probes, new HealthOptions(), 1) - 0.00005);
    }
}
