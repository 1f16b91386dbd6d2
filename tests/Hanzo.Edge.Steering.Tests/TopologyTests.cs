using System.Collections.Immutable;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests;

public sealed class TopologyTests
{
    public static TheoryData<string, SteeringPolicy> StrangerRules => new()
    {
        { "residency only", new() { Residency = [new(Some.Countries("DE"), new(["atlantis"], []))] } },
        { "residency never", new() { Residency = [new(Some.Countries("DE"), new([], ["atlantis"]))] } },
        { "preference", new() { Preferences = [new(Some.Countries("DE"), ["dublin", "atlantis"])] } },
        { "network residency", new() { Networks = [Some.Network("10.0.0.0/8") with { Allowed = new([], ["atlantis"]) }] } },
        { "network preference", new() { Networks = [Some.Network("10.0.0.0/8") with { Prefer = ["atlantis"] }] } },
        { "country latency", new() { Latency = LatencyMap.Empty with { ByCountry = LatencyMap.Empty.ByCountry.Add("DE", Figure("atlantis")) } } },
        { "continent latency", new() { Latency = LatencyMap.Empty with { ByContinent = LatencyMap.Empty.ByContinent.Add("EU", Figure("atlantis")) } } },
    };

    [Theory]
    [MemberData(nameof(StrangerRules), DisableDiscoveryEnumeration = true)]
    public void A_rule_that_names_no_region_is_refused(string rule, SteeringPolicy policy)
    {
        var refusal = Record.Exception(() => Some.Topology(policy, Some.Regions("dublin")));

        Assert.True(refusal is ArgumentException && refusal.Message.Contains("atlantis"), $"{rule}: {refusal}");
    }

    [Fact]
    public void Two_regions_of_one_name_are_refused() =>
        Assert.Contains("dublin", Assert.Throws<ArgumentException>(() => Some.Topology("dublin", "ashburn", "dublin")).Message);

    [Fact]
    public void There_are_1_to_64_regions()
    {
        Assert.Throws<ArgumentException>(() => Some.Topology());
        Assert.Throws<ArgumentException>(() => Some.Topology(new SteeringPolicy(), Many(65)));
        Assert.Equal(63, Some.Topology(new SteeringPolicy(), Many(64)).IndexOf("r63"));
    }

    [Fact]
    public void All_64_regions_are_decided_over()
    {
        var world = new SteeringWorld(HealthSnapshot.AllUp(Some.Topology(new SteeringPolicy(), Many(64))), [Place.Nowhere, Cities.Place("paris")]);

        Assert.Equal(64, world.Decide(new SteeringQuestion { Place = 1 }, new Candidate[64]).Eligible.Length);
    }

    [Fact]
    public void A_name_that_is_no_region_has_no_index() => Assert.Equal(-1, Some.Topology("dublin").IndexOf("atlantis"));

    private static ImmutableArray<Region> Many(int count) => [.. Enumerable.Range(0, count).Select(i => Some.Region($"r{i}", new(i, i)))];

    private static ImmutableDictionary<string, TimeSpan> Figure(string region) =>
        ImmutableDictionary<string, TimeSpan>.Empty.Add(region, TimeSpan.FromMilliseconds(1));
}
